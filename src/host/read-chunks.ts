import { read as readCallback, readSync } from "node:fs";
import { promisify } from "node:util";
import type { OpenFile } from "./open-file.ts";
import { throwIfCancelled } from "./throw-if-cancelled.ts";

const read = promisify(readCallback);

/** Read in one go: a turn through the thread pool takes longer. */
const smallBytes = 64 * 1024;
const chunkBytes = 512 * 1024;

/**
 * The file's bytes from its start, in pieces of at most 512 KiB, each a buffer of its own; ends where the file does,
 * and with one byte more than `maxBytes` however much it grows. The event loop is free while a piece is read. Throws
 * the file system's error, and `CANCELLED` on the signal.
 */
export async function* readChunks(
  file: OpenFile,
  maxBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  let position = 0;
  while (position <= maxBytes) {
    throwIfCancelled(signal);
    // One byte more than is expected, so that a file that does not grow is not asked twice.
    const expected = Math.max(file.sizeBytes - position, 0) + 1;
    const length = Math.min(expected, chunkBytes, maxBytes + 1 - position);
    const chunk = await readPiece(file.fd, length, position);
    if (chunk.length > 0) yield chunk;
    position += chunk.length;
    // A regular file gives less than was asked for only at its end.
    if (chunk.length < length) return;
  }
}

async function readPiece(fd: number, length: number, position: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const bytesRead =
    length <= smallBytes
      ? readSync(fd, buffer, 0, length, position)
      : (await read(fd, buffer, 0, length, position)).bytesRead;
  return buffer.subarray(0, bytesRead);
}
