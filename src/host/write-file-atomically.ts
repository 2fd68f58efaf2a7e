import { closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Replaces a file so that whoever reads it sees the whole old or the whole new text, also after a power cut: a file
 * beside it is written, flushed and renamed, and the folder flushed. Mode 0600. The file beside it has a fixed name, so
 * that what a crash leaves is replaced by the next write: callers hold a lock on the file.
 */
export function writeFileAtomically(path: string, text: string): void {
  const staged = join(dirname(path), `.${basename(path)}.new`);
  rmSync(staged, { recursive: true, force: true });
  try {
    writeAndFlush(staged, text);
    renameSync(staged, path);
  } catch (error) {
    rmSync(staged, { force: true });
    throw error;
  }
  flushFolder(dirname(path));
}

function writeAndFlush(path: string, text: string): void {
  const fd = openSync(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function flushFolder(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
