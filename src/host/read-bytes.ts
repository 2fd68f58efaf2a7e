import type { OpenFile } from "./open-file.ts";
import { readAt } from "./read-at.ts";
import { throwIfCancelled } from "./throw-if-cancelled.ts";

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
    const wanted = Math.min(bytes.length - length, pieceBytes);
    const count = await readAt(file.fd, bytes, length, wanted, length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}
