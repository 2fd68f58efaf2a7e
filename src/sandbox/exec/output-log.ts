import { randomBytes } from "node:crypto";
import { closeSync, constants, openSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { readAt } from "../../host/read-at.ts";
import { createFlags } from "../../host/staged-file.ts";
import { writeChunk } from "../../host/write-chunk.ts";

/** A long output that can be read again from any place: its newest part from memory, its beginning from a file. */
export interface OutputLog {
  /** Of all that was appended, kept or not. */
  readonly sizeBytes: number;
  append(bytes: Uint8Array): Promise<void>;
  /**
   * At most `maxBytes` from `since` on. What is neither in the file nor in memory any more is passed over: `since` of the
   * answer is then a later one than was asked for.
   */
  read(since: number, maxBytes: number): Promise<LogSlice>;
  /** Closes the file; what is in memory can still be read. */
  close(): void;
}

export interface LogSlice {
  readonly bytes: Uint8Array;
  /** Where `bytes` begin, counted from the start of the output. */
  readonly since: number;
  /** Where to go on. */
  readonly next: number;
}

export interface OutputLogOptions {
  /** A folder of the host that no sandbox can write to. */
  readonly folder: string;
  /** How much of the beginning the file may hold. */
  readonly fileBytes: number;
  /** How much of the end is in memory. */
  readonly memoryBytes: number;
}

/** The file has no name once it is open: nobody else finds it, and it is gone with this process. Throws the file system's error. */
export function createOutputLog({ folder, fileBytes, memoryBytes }: OutputLogOptions): OutputLog {
  const ring = Buffer.alloc(memoryBytes);
  let sizeBytes = 0;
  let fd: number | null = openUnnamed(folder);
  let filed = 0;

  const file = async (bytes: Uint8Array) => {
    const fitting = bytes.subarray(0, fileBytes - filed);
    if (fd === null || fitting.length === 0 || filed < sizeBytes) return;
    try {
      await writeChunk(fd, fitting);
      filed += fitting.length;
    } catch (error) {
      // ENOSPC, EDQUOT, EIO: the file ends here, the process goes on.
      if (!(error instanceof Error && "code" in error)) throw error;
      fileBytes = filed;
    }
  };
  const keep = (bytes: Uint8Array) => {
    const newest = bytes.subarray(Math.max(0, bytes.length - memoryBytes));
    const at = (sizeBytes + bytes.length - newest.length) % memoryBytes;
    const first = newest.subarray(0, memoryBytes - at);
    ring.set(first, at);
    ring.set(newest.subarray(first.length), 0);
    sizeBytes += bytes.length;
  };
  const fromRing = (since: number, length: number): Uint8Array => {
    const at = since % memoryBytes;
    const first = ring.subarray(at, Math.min(at + length, memoryBytes));
    return Buffer.concat([first, ring.subarray(0, length - first.length)]);
  };

  return {
    get sizeBytes() {
      return sizeBytes;
    },
    append: async (bytes) => {
      await file(bytes);
      keep(bytes);
    },
    read: async (since, maxBytes) => {
      const from = Math.min(Math.max(0, since), sizeBytes);
      const oldest = Math.max(0, sizeBytes - memoryBytes);
      if (from < oldest && from < filed && fd !== null) {
        const length = Math.min(maxBytes, filed - from);
        const buffer = Buffer.alloc(length);
        const count = await readAt(fd, buffer, 0, length, from);
        return { bytes: buffer.subarray(0, count), since: from, next: from + count };
      }
      const start = Math.max(from, oldest);
      const bytes = fromRing(start, Math.min(maxBytes, sizeBytes - start));
      return { bytes, since: start, next: start + bytes.length };
    },
    close: () => {
      if (fd !== null) closeSync(fd);
      fd = null;
    },
  };
}

function openUnnamed(folder: string): number {
  const path = join(folder, `process-${randomBytes(12).toString("hex")}.log`);
  const fd = openSync(path, logFlags, 0o600);
  unlinkSync(path);
  return fd;
}

/** Also read from. */
const logFlags = (createFlags & ~constants.O_WRONLY) | constants.O_RDWR;
