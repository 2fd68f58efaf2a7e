import { readlinkSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pack } from "tar-fs";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { closeFile, fileVersion, type OpenFile, openFileIn } from "../../host/open-file.ts";
import { closeFolder, pathIn } from "../../host/open-folder.ts";
import { readChunks } from "../../host/read-chunks.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { readEnvFile } from "../secrets/secret-file.ts";
import { isCredentialPath, looksLikeCredentials, maxSearchedBytes } from "./credential-files.ts";
import { type FoundScope, findScope } from "./find-scope.ts";
import { SecretFound, toNeedles, withoutSecrets } from "./find-secret.ts";
import { forEachHomeFolder, openFoundScope } from "./home-folders.ts";
import { addEntry, addFile, openArchive, type TarHeader } from "./tar-archive.ts";
import { type HomeEntry, walkHome } from "./walk-home.ts";

export interface ExportHomeRequest {
  readonly workspaceRoot: string;
  /** The scope's whole key, its folder's name, or the beginning of that. */
  readonly name: string;
  /** Gets a tar archive and is ended. */
  readonly output: Writable;
  /** Also files that hold logins; default: they are left out. */
  readonly withSecrets?: boolean;
  /** Also what programs can download again, `.cache`; default: it is left out. */
  readonly withCache?: boolean;
  /** Values that no file of the archive may hold, unless `withSecrets`, besides those of the scope's own `.env`. */
  readonly secretValues?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface HomeExport {
  readonly slug: string;
  /** Entries of the archive. */
  readonly entries: number;
  /** Of their contents. */
  readonly bytes: number;
  /** At most {@link maxReported}; `leftOutCount` counts them all. */
  readonly leftOut: readonly LeftOutEntry[];
  readonly leftOutCount: number;
}

export interface LeftOutEntry {
  /** As in the archive: `home/.netrc`. */
  readonly path: string;
  readonly reason: LeftOutReason;
}

/** `login`: by its name or its text; `secret`: it holds one of the values; `changing`: it was written meanwhile. */
export type LeftOutReason = "login" | "secret" | "cache" | "special" | "unreadable" | "changing";

const maxReported = 1000;

/**
 * Writes a home as a tar archive: `home/…`, and XDG folders beside it under their own names. Files are read by
 * descriptors, links kept as links, special files left out. Without `withSecrets`, files that hold logins are left out,
 * as far as their names, their text and `secretValues` tell. Throws `HOME_NOT_FOUND`, `CANCELLED` on the signal, and
 * what `output` fails with.
 */
export async function exportHome(request: ExportHomeRequest): Promise<HomeExport> {
  throwIfCancelled(request.signal);
  const found = await findScope(request.workspaceRoot, request.name, request.signal);
  const archive = await openArchive();
  const exporting: Exporting = {
    ...request,
    archive,
    needles:
      request.withSecrets === true ? [] : toNeedles([...secretsOf(found), ...(request.secretValues ?? [])]),
    entries: 0,
    bytes: 0,
    leftOut: [],
    leftOutCount: 0,
  };
  const scope = openFoundScope(found.dir);
  const packing = packScope(exporting, scope).then(() => archive.finalize());
  const writing = pipeline(
    archive,
    request.output,
    request.signal === undefined ? {} : { signal: request.signal },
  );
  try {
    await Promise.all([packing, writing]);
  } catch (error) {
    // Ends the other of the two, and whatever file is open.
    archive.destroy();
    await Promise.allSettled([packing, writing]);
    throwIfCancelled(request.signal);
    throw error instanceof SecretFound ? changedMeanwhile(found.slug) : error;
  } finally {
    closeFolder(scope);
  }
  const { entries, bytes, leftOut, leftOutCount } = exporting;
  return { slug: found.slug, entries, bytes, leftOut, leftOutCount };
}

function secretsOf({ dir }: FoundScope): readonly string[] {
  return [...readEnvFile(join(dir, ".env")).values.values()];
}

function changedMeanwhile(slug: string): SkillcrateError {
  return new SkillcrateError(
    "HOME_IN_USE",
    `A secret was written into the home ${slug} while it was exported.`,
    {
      hint: "Remove the archive, stop the sandbox, and export again.",
    },
  );
}

interface Exporting extends ExportHomeRequest {
  readonly archive: Pack;
  readonly needles: readonly Buffer[];
  entries: number;
  bytes: number;
  readonly leftOut: LeftOutEntry[];
  leftOutCount: number;
}

async function packScope(
  exporting: Exporting,
  scope: Parameters<typeof forEachHomeFolder>[0],
): Promise<void> {
  await forEachHomeFolder(scope, async (folder, name) => {
    const isCache = (path: string) =>
      exporting.withCache !== true && ((name === "home" && path === ".cache") || name === "xdg-cache");
    for await (const entry of walkHome(folder, (path) => !isCache(path), exporting.signal)) {
      const path = `${name}/${entry.path}`;
      if (isCache(entry.path)) leaveOut(exporting, path, "cache");
      else await packEntry(exporting, path, entry);
    }
  });
}

async function packEntry(exporting: Exporting, path: string, entry: HomeEntry): Promise<void> {
  switch (entry.type) {
    case "unread":
      return leaveOut(exporting, path, "unreadable");
    case "special":
      return leaveOut(exporting, path, "special");
    case "folder":
      return put(exporting, { ...header(path, entry.stats), type: "directory" });
    case "link": {
      const target = readLink(pathIn(entry.parent, entry.name));
      if (target === null) return leaveOut(exporting, path, "changing");
      return put(exporting, { ...header(path, entry.stats), type: "symlink", linkname: target });
    }
    case "file":
      if (exporting.withSecrets !== true && isCredentialPath(entry.path))
        return leaveOut(exporting, path, "login");
      return packFile(exporting, path, entry);
  }
}

async function packFile(
  exporting: Exporting,
  path: string,
  { parent, name, stats }: Exclude<HomeEntry, { readonly type: "unread" }>,
): Promise<void> {
  const opened = openFileIn(parent, name);
  if (!opened.ok) return leaveOut(exporting, path, "unreadable");
  const { file } = opened;
  try {
    const content = await chooseContent(exporting, file);
    if (typeof content === "string") return leaveOut(exporting, path, content);
    const size = file.sizeBytes;
    await addFile(exporting.archive, { ...header(path, stats), type: "file", size }, content);
    exporting.entries += 1;
    exporting.bytes += size;
  } finally {
    closeFile(file);
  }
}

type Content = AsyncIterable<Buffer>;

/** What is to be written of a file, or why nothing. */
async function chooseContent(exporting: Exporting, file: OpenFile): Promise<Content | LeftOutReason> {
  const { withSecrets = false, needles, signal } = exporting;
  const read = () => withoutSecrets(readChunks(file, file.sizeBytes, signal), needles);
  if (withSecrets) return read();
  const pieces: Buffer[] = [];
  const isSearched = file.sizeBytes <= maxSearchedBytes;
  try {
    for await (const piece of read()) if (isSearched) pieces.push(piece);
  } catch (error) {
    if (error instanceof SecretFound) return "secret";
    throw error;
  }
  if (fileVersion(file.fd) !== file.version) return "changing";
  // Looked through once more while it is written: a sandbox may change it in between.
  if (!isSearched) return read();
  return looksLikeCredentials(Buffer.concat(pieces).toString("latin1")) ? "login" : toContent(pieces);
}

async function* toContent(pieces: readonly Buffer[]): Content {
  yield* pieces;
}

async function put(exporting: Exporting, entryHeader: TarHeader): Promise<void> {
  await addEntry(exporting.archive, entryHeader);
  exporting.entries += 1;
}

function header(name: string, { mode, uid, gid, mtime }: Stats) {
  // Permissions only: whoever unpacks it as root gets no setuid program of a sandbox.
  return { name, mode: mode & 0o777, uid, gid, mtime, size: 0 };
}

function leaveOut(exporting: Exporting, path: string, reason: LeftOutReason): void {
  exporting.leftOutCount += 1;
  if (exporting.leftOut.length < maxReported) exporting.leftOut.push({ path, reason });
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch (error) {
    // It is gone, or was a link a moment ago.
    if (errnoOf(error) !== "ENOENT" && errnoOf(error) !== "EINVAL") throw error;
    return null;
  }
}
