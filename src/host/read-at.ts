import { read, readSync } from "node:fs";

/** Read in one go: a turn through the thread pool takes longer. */
const smallBytes = 64 * 1024;

/**
 * Reads up to `length` bytes at `position` of an open file into a buffer, and gives how many there were. Few are read at
 * once; the event loop is free while many are. Throws the file system's error.
 */
export async function readAt(
  fd: number,
  buffer: Buffer,
  offset: number,
  length: number,
  position: number,
): Promise<number> {
  if (length <= smallBytes) return readSync(fd, buffer, offset, length, position);
  return new Promise((resolve, reject) => {
    read(fd, buffer, offset, length, position, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}
