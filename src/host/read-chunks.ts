import type { OpenFile } from "./open-file.ts";
import { readAt } from "./read-at.ts";
import { throwIfCancelled } from "./throw-if-cancelled.ts";

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
    const buffer = Buffer.allocUnsafe(length);
    const count = await readAt(file.fd, buffer, 0, length, position);
    if (count > 0) yield buffer.subarray(0, count);
    position += count;
    // A regular file gives less than was asked for only at its end.
    if (count < length) return;
  }
}
