import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { createFlags } from "../../host/staged-file.ts";
import { writeChunk } from "../../host/write-chunk.ts";

/** Where output goes that is not kept in memory. */
export interface SpillTarget {
  /** A folder of the host that no sandbox can write to. */
  readonly folder: string;
  /** At most so much is written; 64 MiB if left out. */
  readonly limitBytes?: number;
}

/** A file of output on the host, of mode 0600. */
export interface SpilledOutput {
  readonly path: string;
  readonly sizeBytes: number;
  /** False where its limit was reached, or the disk refused to take more. */
  readonly complete: boolean;
}

export interface SpillFile {
  /** Appends what fits. Never throws: a full disk must not end a command. */
  write(bytes: Uint8Array): Promise<void>;
  close(): SpilledOutput;
}

/** Makes a new file with a name of its own. Throws the file system's error. */
export function openSpillFile({ folder, limitBytes = defaultSpillBytes }: SpillTarget): SpillFile {
  const path = join(folder, `output-${randomBytes(12).toString("hex")}.log`);
  const fd = openSync(path, createFlags, 0o600);
  let sizeBytes = 0;
  let complete = true;
  return {
    write: async (bytes) => {
      const fitting = bytes.subarray(0, limitBytes - sizeBytes);
      if (fitting.length < bytes.length) complete = false;
      if (fitting.length === 0) return;
      try {
        await writeChunk(fd, fitting);
        sizeBytes += fitting.length;
      } catch (error) {
        // ENOSPC, EDQUOT, EIO: what is there stays, and nothing more is tried.
        if (!(error instanceof Error && "code" in error)) throw error;
        complete = false;
        limitBytes = sizeBytes;
      }
    },
    close: () => {
      closeSync(fd);
      return { path, sizeBytes, complete };
    },
  };
}

const defaultSpillBytes = 64 * 1024 * 1024;
