import { read as readCallback, readSync } from "node:fs";
import { promisify } from "node:util";
import type { OpenFile } from "./open-file.ts";
import { throwIfCancelled } from "./throw-if-cancelled.ts";

const read = promisify(readCallback);

/** Read in one go: a turn through the thread pool takes longer. */
const smallBytes = 64 * 1024;
const pieceBytes = 1024 * 1024;

/**
 * What the file held when it was opened: `sizeBytes` bytes, fewer where it has been cut since. In one buffer, filled
 * piece by piece while the event loop is free. Throws the file system's error, and `CANCELLED` on the signal.
 */
export async function readBytes(file: OpenFile, signal?: AbortSignal): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(file.sizeBytes);
  let length = 0;
  while (length < bytes.length) {
    throwIfCancelled(signal);
    const count = await readPiece(file.fd, bytes, length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

async function readPiece(fd: number, bytes: Buffer, offset: number): Promise<number> {
  const wanted = Math.min(bytes.length - offset, pieceBytes);
  if (bytes.length <= smallBytes) return readSync(fd, bytes, offset, wanted, offset);
  return (await read(fd, bytes, offset, wanted, offset)).bytesRead;
}
