import { closeSync, constants, fstatSync, openSync, type Stats } from "node:fs";
import { join } from "node:path";
import { type FileProblem, toFileProblem } from "./file-problem.ts";
import { canHoldEntries, heldPath, holdEntry } from "./hold-entry.ts";
import { type OpenFolder, pathIn } from "./open-folder.ts";
import { describeType } from "./read-regular-file.ts";

/** A regular file that is held open for reading. */
export interface OpenFile {
  readonly fd: number;
  /** Where it was found: for messages and results, never opened again. */
  readonly path: string;
  /** As it was opened; it may grow and shrink. */
  readonly sizeBytes: number;
  readonly mode: number;
  readonly modifiedMs: number;
  /** Changes with every write: see {@link fileVersion}. */
  readonly version: string;
}

export type OpenFileResult =
  | { readonly ok: true; readonly file: OpenFile }
  | { readonly ok: false; readonly problem: FileProblem };

/**
 * Opens a regular file directly below an open folder, and nothing else: links are not followed, and on Linux a pipe, a
 * socket or a device is recognised before it is opened (elsewhere it is opened without waiting, and closed). The caller
 * closes it with {@link closeFile}.
 */
export function openFileIn(parent: OpenFolder, name: string): OpenFileResult {
  return open(pathIn(parent, name), join(parent.path, name));
}

/** Opens a regular file; `path` must not be a link. */
export function openFile(path: string): OpenFileResult {
  return open(path, path);
}

export function closeFile(file: OpenFile): void {
  closeSync(file.fd);
}

/** Equal as long as nobody has written to the file: inode, size, and its times in nanoseconds. */
export function fileVersion(fd: number): string {
  const { ino, size, mtimeNs, ctimeNs } = fstatSync(fd, { bigint: true });
  return `${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}

function open(address: string, path: string): OpenFileResult {
  try {
    return canHoldEntries ? openHeld(address, path) : openAndLook(address, path);
  } catch (error) {
    return { ok: false, problem: toFileProblem(error) };
  }
}

function openHeld(address: string, path: string): OpenFileResult {
  const held = holdEntry(address);
  try {
    const problem = problemOf(fstatSync(held));
    // Here the last component is the link of /proc itself.
    return problem === null ? opened(openSync(heldPath(held), openFlags), path) : { ok: false, problem };
  } finally {
    closeSync(held);
  }
}

function openAndLook(address: string, path: string): OpenFileResult {
  const result = opened(openSync(address, openFlags | constants.O_NOFOLLOW), path);
  const problem = result.ok ? problemOf(fstatSync(result.file.fd)) : null;
  if (!result.ok || problem === null) return result;
  closeFile(result.file);
  return { ok: false, problem };
}

function problemOf(stats: Stats): FileProblem | null {
  if (stats.isFile()) return null;
  return stats.isSymbolicLink() ? { kind: "link" } : { kind: "wrong-type", what: describeType(stats) };
}

// O_NONBLOCK: one who holds a lease on the file, or has put a pipe in its place, cannot make us wait.
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

function opened(fd: number, path: string): OpenFileResult {
  try {
    const { size, mode, mtimeMs } = fstatSync(fd);
    const file = { fd, path, sizeBytes: size, mode, modifiedMs: mtimeMs, version: fileVersion(fd) };
    return { ok: true, file };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
