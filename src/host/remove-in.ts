import {
  chmodSync,
  closeSync,
  constants,
  type Dirent,
  fchmodSync,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";
import { errnoOf } from "./file-problem.ts";
import { canHoldEntries, heldPath, holdEntry } from "./hold-entry.ts";
import { mountIdOf } from "./mount-id.ts";
import { type OpenFolder, pathIn } from "./open-folder.ts";
import { createPace } from "./pace.ts";
import { requirePlainName } from "./plain-name.ts";
import { stagedName } from "./staged-file.ts";

/**
 * Removes what has this name below an open folder, whole trees included, links themselves only. No error where it is
 * gone. At most 35 descriptors are open, however deep the tree. Never goes into another mount: throws `EXDEV`; else the
 * file system's error. Synchronous: for trees of a few hundred entries, {@link removeTreeIn} for others.
 */
export function removeIn(parent: OpenFolder, name: string): void {
  for (const _ of removeNamed(parent, name));
}

/** The same, and gives the event loop a turn every few milliseconds. Throws `CANCELLED` on the signal, half done. */
export async function removeTreeIn(parent: OpenFolder, name: string, signal?: AbortSignal): Promise<void> {
  const pace = createPace(signal);
  for (const _ of removeNamed(parent, name)) if (pace.isDue()) await pace.rest();
}

/** As bytes: whoever made the tree need not have used UTF-8. */
type EntryName = Buffer;

/** Pauses before each entry. */
type Steps = Generator<undefined, void, undefined>;

interface Tree {
  /** The mount that it lies in. */
  readonly mount: string;
  /** The folder at its top, once that is open. */
  readonly top: OpenFolder | null;
  /** How far below the top. */
  readonly level: number;
}

function removeNamed(parent: OpenFolder, name: string): Steps {
  requirePlainName(name);
  return removeEntry(parent, Buffer.from(name), { mount: mountIdOf(parent), top: null, level: 0 });
}

function* removeEntry(parent: OpenFolder, name: EntryName, tree: Tree): Steps {
  yield;
  // Again where somebody puts something in the folder, or something else in its place, while we empty it.
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    if (unlinkUnlessFolder(parent, name)) return;
    const folder = openToEmpty(parent, name, tree);
    if (folder === null) continue;
    try {
      yield* empty(folder, { ...tree, top: tree.top ?? folder });
      if (removeEmptied(parent, name)) return;
    } finally {
      closeSync(folder.fd);
    }
  }
  throw fileError("EBUSY", "somebody keeps changing", `${parent.path}/${name}`);
}

const maxAttempts = 8;

function* empty(folder: OpenFolder, tree: Tree): Steps {
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const names = readBatch(folder);
    if (names.length === 0) return;
    for (const name of names) {
      if (tree.level < maxLevels) yield* removeEntry(folder, name, { ...tree, level: tree.level + 1 });
      else moveUp(folder, name, tree);
    }
  }
}

/** Levels that are held open. What lies deeper is first moved up to the top. */
const maxLevels = 32;
const batchSize = 256;
/** Somebody who makes files as fast as we remove them does not keep us for ever. */
const maxBatches = 100_000;

/** The first entries only: what was read is removed before the next are asked for, so no listing stays open. */
function readBatch(folder: OpenFolder): readonly EntryName[] {
  // Node takes "buffer" here as everywhere else; its types leave it out.
  const encoding = "buffer" as BufferEncoding;
  const listing = opendirSync(pathIn(folder, ""), { encoding, bufferSize: batchSize });
  try {
    const names: EntryName[] = [];
    while (names.length < batchSize) {
      const entry = listing.readSync() as unknown as Dirent<Buffer> | null;
      if (entry === null) break;
      names.push(entry.name);
    }
    return names;
  } finally {
    listing.closeSync();
  }
}

/** True also where nothing has the name. */
function unlinkUnlessFolder(folder: OpenFolder, name: EntryName): boolean {
  const path = address(folder, name);
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "ENOENT") return true;
    // Linux says EISDIR of a folder, POSIX EPERM.
    const isFolder = errno === "EISDIR" || lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    if (isFolder) return false;
    throw error;
  }
}

/** Null where it is gone, or no folder any more. */
function openToEmpty(parent: OpenFolder, name: EntryName, tree: Tree): OpenFolder | null {
  const fd = openFolderToEmpty(address(parent, name));
  if (fd === null) return null;
  const folder = { fd, path: `${parent.path}/${name}` };
  try {
    if (mountIdOf(folder) !== tree.mount) throw fileError("EXDEV", "another mount is at", folder.path);
    // Without all three its entries cannot be taken out; root needs no such thing.
    if ((fstatSync(fd).mode & 0o700) !== 0o700) fchmodSync(fd, 0o700);
    return folder;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK;

function openFolderToEmpty(path: Buffer): number | null {
  try {
    return openSync(path, folderFlags | constants.O_NOFOLLOW);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "ENOENT" || errno === "ENOTDIR" || errno === "ELOOP") return null;
    if (errno === "EACCES" && canHoldEntries) return openAfterChmod(path);
    throw error;
  }
}

/** Holds the folder while its mode changes: by its name, a link put there would be followed. */
function openAfterChmod(path: Buffer): number | null {
  const held = holdEntry(path);
  try {
    if (!fstatSync(held).isDirectory()) return null;
    chmodSync(heldPath(held), 0o700);
    return openSync(heldPath(held), folderFlags);
  } finally {
    closeSync(held);
  }
}

function moveUp(folder: OpenFolder, name: EntryName, tree: Tree): void {
  if (tree.top === null || unlinkUnlessFolder(folder, name)) return;
  // Only what is writable and in this mount can be moved: both are seen to where it is opened.
  const opened = openToEmpty(folder, name, tree);
  if (opened === null) return;
  closeSync(opened.fd);
  try {
    renameSync(address(folder, name), address(tree.top, Buffer.from(stagedName())));
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}

/** False where it is to be looked at again. */
function removeEmptied(parent: OpenFolder, name: EntryName): boolean {
  try {
    rmdirSync(address(parent, name));
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "ENOENT") return true;
    if (errno === "ENOTEMPTY" || errno === "ENOTDIR") return false;
    throw error;
  }
}

function address(folder: OpenFolder, name: EntryName): Buffer {
  return Buffer.concat([Buffer.from(pathIn(folder, "")), name]);
}

function fileError(code: string, what: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${what} ${path}`), { code });
}
