import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { ContextFile } from "../dockerfile/build-context.ts";
import { formatJson } from "../report/format-json.ts";

/** An image's Dockerfile and context, to become a folder of the image's name. */
export interface RenderedFolder {
  readonly name: string;
  readonly tag: string;
  readonly hash: string;
  readonly files: readonly ContextFile[];
}

/**
 * Writes a folder for each image below `dir`, and a manifest beside them. Each is written beside its old one and then
 * renamed into its place; folders of an earlier rendering that are not in this one go away, everything else in `dir`
 * stays. Throws `OUTPUT_FOREIGN` where `dir` holds files but no manifest, unless `force`.
 */
export async function writeRendering(
  dir: string,
  folders: readonly RenderedFolder[],
  { force }: { readonly force: boolean },
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const earlier = await readManifest(dir);
  const present = await readdir(dir);
  if (earlier === null && !force && present.length > 0) throw foreign(dir);
  await removeLeftovers(dir, present);
  for (const folder of folders) await replaceFolder(dir, folder.name, folder.files);
  await writeManifest(dir, folders);
  const gone = (earlier ?? []).filter((name) => folders.every((folder) => folder.name !== name));
  for (const name of gone) await rm(join(dir, name), { recursive: true, force: true });
}

const manifestName = "skillcrate-render.json";
const manifestFormat = "skillcrate/rendering@1";
const stagingPrefix = ".skillcrate-staging-";

/** Names of the folders that an earlier rendering made; null where there was none. */
async function readManifest(dir: string): Promise<readonly string[] | null> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(await readFile(join(dir, manifestName), "utf8"));
  } catch (error) {
    // No manifest, or one that was damaged: then nothing here is known to be ours.
    if (
      error instanceof SyntaxError ||
      (error instanceof Error && "code" in error && error.code === "ENOENT")
    )
      return null;
    throw error;
  }
  if (typeof manifest !== "object" || manifest === null || !("format" in manifest) || !("images" in manifest))
    return null;
  if (manifest.format !== manifestFormat || !Array.isArray(manifest.images)) return null;
  // The file may have been edited: a name that is no plain folder name is not ours to remove.
  return manifest.images
    .map((image: unknown) =>
      typeof image === "object" && image !== null && "name" in image ? image.name : null,
    )
    .filter((name): name is string => typeof name === "string" && /^[a-z0-9][a-z0-9-]*$/.test(name));
}

function foreign(dir: string): SkillcrateError {
  return new SkillcrateError(
    "OUTPUT_FOREIGN",
    `The folder ${quoteValue(dir)} is not empty and was not made by render.`,
    {
      hint: "Choose another --output, or add --force to write into it.",
    },
  );
}

/** What an interrupted rendering left behind. */
async function removeLeftovers(dir: string, present: readonly string[]): Promise<void> {
  for (const name of present.filter((entry) => entry.startsWith(stagingPrefix))) {
    await rm(join(dir, name), { recursive: true, force: true });
  }
}

async function replaceFolder(dir: string, name: string, files: readonly ContextFile[]): Promise<void> {
  const staging = join(dir, `${stagingPrefix}${randomBytes(6).toString("hex")}`);
  const fresh = join(staging, "new");
  for (const file of files) {
    const path = join(fresh, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.content);
    // The mode of writeFile would be cut by the umask, and the mode is part of what a builder copies.
    await chmod(path, file.mode);
  }
  await moveAway(join(dir, name), join(staging, "old"));
  await rename(fresh, join(dir, name));
  await rm(staging, { recursive: true, force: true });
}

async function moveAway(path: string, destination: string): Promise<void> {
  try {
    await rename(path, destination);
  } catch (error) {
    // There was no such folder yet.
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

async function writeManifest(dir: string, folders: readonly RenderedFolder[]): Promise<void> {
  const images = folders.map(({ name, tag, hash }) => ({ name, tag, hash }));
  const staging = join(dir, `${stagingPrefix}${randomBytes(6).toString("hex")}`);
  await writeFile(staging, `${formatJson({ format: manifestFormat, images }, 2)}\n`);
  await rename(staging, join(dir, manifestName));
}
