import { write, writeSync } from "node:fs";

/** Written in one go: a turn through the thread pool takes longer. */
const smallBytes = 64 * 1024;

/** Appends all of `bytes` to an open file; the event loop is free while many are written. Throws the system's error. */
export async function writeChunk(fd: number, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) offset += await writeSome(fd, bytes, offset);
}

async function writeSome(fd: number, bytes: Uint8Array, offset: number): Promise<number> {
  const length = bytes.length - offset;
  if (length <= smallBytes) return writeSync(fd, bytes, offset, length);
  return new Promise((resolve, reject) => {
    write(fd, bytes, offset, length, null, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}
