import { fchmodSync, fchownSync, fstatSync, mkdirSync, writeFileSync } from "node:fs";
import { errnoOf, type FileProblem } from "./file-problem.ts";
import { closeFolder, type OpenFolder, openFolderIn, pathIn } from "./open-folder.ts";
import { requirePlainName } from "./plain-name.ts";
import { discardStaged, openStaged, placeStaged } from "./staged-file.ts";

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
  requirePlainName(name);
  // Looking first: nearly always it is there, and making it then costs an exception.
  let opened = openFolderIn(parent, name);
  const made = !opened.ok && opened.problem.kind === "missing" && mkdirIn(parent, name);
  if (!opened.ok) opened = openFolderIn(parent, name);
  if (!opened.ok) throw entryError(parent, name, opened.problem);
  const { folder } = opened;
  try {
    if (made || isForAnother(attributes.owner)) finishFolder(folder, attributes);
    return folder;
  } catch (error) {
    closeFolder(folder);
    throw error;
  }
}

/**
 * Writes a file below an open folder such that a reader sees the whole old or the whole new one: a file beside it under
 * a name of its own, then one rename, which replaces what had the name (a link itself, never what it leads to).
 * Synchronous: for small files.
 */
export function replaceFileIn(
  parent: OpenFolder,
  name: string,
  content: string | Uint8Array,
  attributes: EntryAttributes,
): void {
  placeContent(parent, name, content, attributes, "replace");
}

/**
 * The same, but only where nothing has the name yet, a link that leads nowhere included. False where something has, and
 * nothing was done. Of several who create one name one gets true.
 */
export function createFileIn(
  parent: OpenFolder,
  name: string,
  content: string | Uint8Array,
  attributes: EntryAttributes,
): boolean {
  return placeContent(parent, name, content, attributes, "create");
}

export function setAttributes(fd: number, { mode, owner }: EntryAttributes): void {
  if (owner !== null) fchownSync(fd, owner.uid, owner.gid);
  // After the owner: changing that clears bits.
  fchmodSync(fd, mode);
}

/** False where something has the name. */
function mkdirIn(parent: OpenFolder, name: string): boolean {
  try {
    // Nobody but us until owner and mode are right.
    mkdirSync(pathIn(parent, name), { mode: unfinishedMode });
    return true;
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    return false;
  }
}

/** The mode of a folder that has neither its owner nor its mode yet. */
const unfinishedMode = 0o700;

function isForAnother(owner: Owner | null): boolean {
  return owner !== null && process.geteuid !== undefined && owner.uid !== process.geteuid();
}

/**
 * Gives a folder its attributes if it is as `mkdir` left it: our own, and closed to all others. So a folder that a kill
 * left unfinished is finished by the next who wants it, and one that somebody put in its place is left as it is.
 */
function finishFolder(folder: OpenFolder, attributes: EntryAttributes): void {
  const { uid, mode } = fstatSync(folder.fd);
  if (process.geteuid !== undefined && uid !== process.geteuid()) return;
  if ((mode & 0o777) === unfinishedMode) setAttributes(folder.fd, attributes);
}

function placeContent(
  parent: OpenFolder,
  name: string,
  content: string | Uint8Array,
  attributes: EntryAttributes,
  how: "replace" | "create",
): boolean {
  requirePlainName(name);
  const staged = openStaged(parent);
  try {
    writeFileSync(staged.fd, content);
    setAttributes(staged.fd, attributes);
    return placeStaged(staged, name, how);
  } finally {
    discardStaged(staged);
  }
}

function entryError(parent: OpenFolder, name: string, problem: FileProblem): Error {
  const code = problem.kind === "unreadable" ? problem.errno : (errnos.get(problem.kind) ?? "ENOTDIR");
  return Object.assign(new Error(`${code}: cannot open the folder ${name} in ${parent.path}`), { code });
}

const errnos: ReadonlyMap<FileProblem["kind"], string> = new Map([
  ["link", "ELOOP"],
  ["denied", "EACCES"],
  ["missing", "ENOENT"],
]);
