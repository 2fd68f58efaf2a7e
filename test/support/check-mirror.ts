import { createHash } from "node:crypto";
import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { MirrorManifest } from "../../src/mirror/mirror-request.ts";

export interface MirrorOnDisk {
  readonly manifest: MirrorManifest;
  /** Path below the generation → bytes, mode and hash of a file, or a link's target. */
  readonly entries: ReadonlyMap<string, string>;
}

/**
 * What is live in a mirror, as a reader finds it; null where nothing is. Throws where it is not whole by its manifest:
 * each file there with its size, mode and hash, each link with its target, nothing besides, and each skill's stable name.
 * Shares no code with the mirror.
 */
export function checkMirror(targetDir: string): MirrorOnDisk | null {
  if (lstatSync(join(targetDir, ".live"), { throwIfNoEntry: false }) === undefined) return null;
  const live = readlinkSync(join(targetDir, ".live"));
  if (!/^\.generations\/[0-9a-f]{32}$/.test(live)) throw new Error(`.live leads to ${live}`);
  const manifest: MirrorManifest = JSON.parse(readFileSync(join(targetDir, live, "manifest.json"), "utf8"));
  if (live !== `.generations/${manifest.id}`) throw new Error(`${live} holds the manifest of ${manifest.id}`);
  const promised = new Map(manifest.entries.map((entry) => [entry.path, promise(entry)]));
  const entries = new Map<string, string>();
  for (const { folder } of manifest.skills) {
    if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(folder)) throw new Error(`a folder is called ${folder}`);
    if (readlinkSync(join(targetDir, folder)) !== `.live/${folder}`)
      throw new Error(`${folder} leads elsewhere`);
    const version = readlinkSync(join(targetDir, live, folder));
    if (!/^\.\.\/\.\.\/\.versions\/[0-9a-f]{32,64}$/.test(version))
      throw new Error(`${folder} is ${version}`);
    listEntries(join(targetDir, ".versions", version.slice("../../.versions/".length)), folder, entries);
  }
  const differing = [...new Set([...promised.keys(), ...entries.keys()])].filter(
    (path) => promised.get(path) !== entries.get(path),
  );
  if (differing.length > 0) {
    const [path = ""] = differing;
    throw new Error(`${path}: promised ${promised.get(path)}, found ${entries.get(path)}`);
  }
  return { manifest, entries };
}

/** What is of no use to the live generation or the one before it: staging, versions that nothing refers to, temporary names. */
export function findLeftovers(targetDir: string, kept = 2): string[] {
  const generations = readdirSync(join(targetDir, ".generations"));
  const used = new Set(
    generations.flatMap((id) =>
      readdirSync(join(targetDir, ".generations", id), { withFileTypes: true })
        .filter((entry) => entry.isSymbolicLink())
        .map(({ name }) =>
          readlinkSync(join(targetDir, ".generations", id, name))
            .split("/")
            .at(-1),
        ),
    ),
  );
  const folders = checkMirror(targetDir)?.manifest.skills.map(({ folder }) => folder) ?? [];
  const own = new Set([".versions", ".generations", ".live", ".staging", ".skillcrate", ...folders]);
  return [
    ...readdirSync(targetDir).filter((name) => !own.has(name)),
    ...(existsSync(join(targetDir, ".staging")) ? readdirSync(join(targetDir, ".staging")) : []),
    ...(generations.length > kept ? generations.map((id) => `.generations/${id}`) : []),
    ...readdirSync(join(targetDir, ".versions"))
      .filter((hash) => !used.has(hash))
      .map((hash) => `.versions/${hash}`),
  ];
}

/** Paths below `dir` of all that holds the text, in a name, a file or a link. */
export function findText(dir: string, text: string): string[] {
  const found: string[] = [];
  const look = (path: string, entry: Dirent) => {
    if (entry.name.includes(text)) found.push(path);
    if (entry.isSymbolicLink() && readlinkSync(path).includes(text)) found.push(path);
    if (entry.isFile() && readFileSync(path).includes(text)) found.push(path);
  };
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    look(join(entry.parentPath, entry.name), entry);
  }
  return found;
}

function promise(entry: MirrorManifest["entries"][number]): string {
  switch (entry.type) {
    case "file":
      return `file ${entry.mode} ${entry.size} ${entry.sha256}`;
    case "link":
      return `link ${entry.target}`;
    case "folder":
      return "empty folder";
  }
}

function listEntries(dir: string, below: string, entries: Map<string, string>): void {
  const listed = readdirSync(dir, { withFileTypes: true });
  if (listed.length === 0) entries.set(below, "empty folder");
  for (const entry of listed) {
    const path = join(dir, entry.name);
    const name = `${below}/${entry.name}`;
    if (entry.isDirectory()) listEntries(path, name, entries);
    else entries.set(name, entry.isSymbolicLink() ? readLink(path, name) : readFile(path));
  }
}

function readFile(path: string): string {
  const { mode, size } = lstatSync(path);
  const bytes = readFileSync(path);
  if (bytes.length !== size) throw new Error(`${path} gave ${bytes.length} bytes of ${size}`);
  return `file ${mode & 0o7777} ${size} ${createHash("sha256").update(bytes).digest("hex")}`;
}

/** A link must stay in its skill's folder. */
function readLink(path: string, name: string): string {
  const target = readlinkSync(path);
  const [folder = ""] = name.split("/");
  const end = normalize(join(dirname(name), target));
  if (target.startsWith("/") || (end !== folder && !end.startsWith(`${folder}/`))) {
    throw new Error(`${path} leads out, to ${target}`);
  }
  return `link ${target}`;
}
