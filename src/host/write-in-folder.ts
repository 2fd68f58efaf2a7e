import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { errnoOf, toFileProblem } from "./file-problem.ts";
import { closeFolder, listFolder, type OpenFolder, openFolderIn, pathIn } from "./open-folder.ts";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface EntryAttributes {
  /** Permission bits, exactly: the process's umask does not count. */
  readonly mode: number;
  /** Null: whoever this process runs as. */
  readonly owner: Owner | null;
}

/**
 * Makes a folder below an open one and gives it open; one that is there already is opened as it is. Throws the file
 * system's error where something else has that name, a link included.
 */
export function makeFolderIn(parent: OpenFolder, name: string, attributes: EntryAttributes): OpenFolder {
  let made = true;
  try {
    // Nobody but us until owner and mode are right.
    mkdirSync(pathIn(parent, name), { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    made = false;
  }
  const opened = openFolderIn(parent, name);
  if (!opened.ok) throw entryError(parent, name, opened.problem.kind);
  try {
    if (made) setAttributes(opened.folder.fd, attributes);
    return opened.folder;
  } catch (error) {
    closeFolder(opened.folder);
    throw error;
  }
}

/**
 * Writes a file below an open folder such that a reader sees the whole old or the whole new one: a file beside it under
 * a name of its own, then one rename, which replaces what had the name (a link itself, never what it leads to).
 */
export function replaceFileIn(
  parent: OpenFolder,
  name: string,
  content: string | Uint8Array,
  attributes: EntryAttributes,
): void {
  const staged = `.${name.slice(0, 200)}.${process.pid}.new`;
  removeIn(parent, staged);
  try {
    const fd = openSync(pathIn(parent, staged), createFlags, 0o600);
    try {
      writeFileSync(fd, content);
      setAttributes(fd, attributes);
    } finally {
      closeSync(fd);
    }
    renameSync(pathIn(parent, staged), pathIn(parent, name));
  } catch (error) {
    removeIn(parent, staged);
    throw error;
  }
}

/** Removes what has this name below an open folder, whole trees included, links themselves only. No error where it is gone. */
export function removeIn(parent: OpenFolder, name: string): void {
  const path = pathIn(parent, name);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isDirectory()) {
    ignoringMissing(() => unlinkSync(path));
    return;
  }
  let opened = openFolderIn(parent, name);
  if (!opened.ok && opened.problem.kind === "denied") {
    chmodSync(path, 0o700);
    opened = openFolderIn(parent, name);
  }
  if (!opened.ok) throw entryError(parent, name, opened.problem.kind);
  try {
    // Without write permission on a folder its entries cannot be taken out; root needs no such thing.
    if ((stats.mode & 0o300) !== 0o300) fchmodSync(opened.folder.fd, 0o700);
    const listed = listFolder(opened.folder);
    if (!listed.ok) throw entryError(parent, name, listed.problem.kind);
    for (const entry of listed.entries) removeIn(opened.folder, entry.name);
  } finally {
    closeFolder(opened.folder);
  }
  ignoringMissing(() => rmdirSync(path));
}

export const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

export function setAttributes(fd: number, { mode, owner }: EntryAttributes): void {
  if (owner !== null) fchownSync(fd, owner.uid, owner.gid);
  // After the owner: changing that clears bits.
  fchmodSync(fd, mode);
}

function ignoringMissing(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (toFileProblem(error).kind !== "missing") throw error;
  }
}

function entryError(parent: OpenFolder, name: string, kind: string): Error {
  const code = kind === "link" ? "ELOOP" : kind === "denied" ? "EACCES" : "ENOTDIR";
  return Object.assign(new Error(`${code}: cannot open the folder ${name} in ${parent.path}`), { code });
}
