import { closeSync, constants, type Dirent, existsSync, lstatSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type FileProblem, toFileProblem } from "./file-problem.ts";

/**
 * A folder that is held open. Names are looked up below its descriptor, so that a program that swaps the folder, or one
 * above it, for a link while we read cannot lead us elsewhere. Where the system has no `/proc/self/fd` (macOS) names
 * are looked up by path; links in the last component are still refused.
 */
export interface OpenFolder {
  readonly fd: number;
  /** Where it was found: for messages and results, never opened again on Linux. */
  readonly path: string;
}

export type OpenFolderResult =
  | { readonly ok: true; readonly folder: OpenFolder }
  | { readonly ok: false; readonly problem: FileProblem };

/** Opens a folder; `path` must not be a link. The caller closes it with {@link closeFolder}. */
export function openFolder(path: string): OpenFolderResult {
  return open(path, path);
}

/** Opens a folder directly below an open one. */
export function openFolderIn(parent: OpenFolder, name: string): OpenFolderResult {
  return open(pathIn(parent, name), join(parent.path, name));
}

export function closeFolder(folder: OpenFolder): void {
  closeSync(folder.fd);
}

/** The path under which a name below an open folder can be opened. Not for messages. */
export function pathIn(folder: OpenFolder, name: string): string {
  return hasDescriptorPaths ? `/proc/self/fd/${folder.fd}/${name}` : join(folder.path, name);
}

export type ListResult =
  | { readonly ok: true; readonly entries: readonly Dirent[] }
  | { readonly ok: false; readonly problem: FileProblem };

/** The entries in the order the disk gives them. */
export function listFolder(folder: OpenFolder): ListResult {
  try {
    return { ok: true, entries: readdirSync(pathIn(folder, ""), { withFileTypes: true }) };
  } catch (error) {
    return { ok: false, problem: toFileProblem(error) };
  }
}

const hasDescriptorPaths = process.platform === "linux" && existsSync("/proc/self/fd");

const folderFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function open(address: string, path: string): OpenFolderResult {
  try {
    return { ok: true, folder: { fd: openSync(address, folderFlags), path } };
  } catch (error) {
    return { ok: false, problem: isLink(address) ? { kind: "link" } : toFileProblem(error) };
  }
}

/** For the message only: Linux says ENOTDIR of a link that must not be followed, as of a file. */
function isLink(address: string): boolean {
  try {
    return lstatSync(address).isSymbolicLink();
  } catch (error) {
    toFileProblem(error);
    return false;
  }
}
