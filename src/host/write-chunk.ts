import { write as writeCallback, writeSync } from "node:fs";
import { promisify } from "node:util";

const write = promisify(writeCallback);

/** Written in one go: a turn through the thread pool takes longer. */
const smallBytes = 64 * 1024;

/** Appends all of `bytes` to an open file; the event loop is free while many are written. Throws the system's error. */
export async function writeChunk(fd: number, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const length = bytes.length - offset;
    offset +=
      length <= smallBytes
        ? writeSync(fd, bytes, offset, length)
        : (await write(fd, bytes, offset, length)).bytesWritten;
  }
}
