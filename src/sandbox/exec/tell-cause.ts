import type { RefusalCounts } from "./refusal-counts.ts";

/** What a command that failed ran out of. */
export type FailureCause = "out-of-memory" | "pids-limit" | "disk-full";

/**
 * Why a command failed, if the sandbox's limits are why: what the kernel counted between its start and its end, else
 * what the command said itself. The kernel counts for the whole container: of two commands that run at once and fail
 * both, both get the cause.
 */
export function tellCause(
  before: RefusalCounts | null,
  after: RefusalCounts | null,
  saidDiskFull: boolean,
): FailureCause | null {
  if (before !== null && after !== null) {
    if (after.outOfMemory > before.outOfMemory) return "out-of-memory";
    if (after.pidsLimit > before.pidsLimit) return "pids-limit";
  }
  return saidDiskFull ? "disk-full" : null;
}

/** Looks for what programs say where a disk is full: the C library's text, or the name of the error. */
export interface DiskFullWatch {
  look(bytes: Uint8Array): void;
  readonly seen: boolean;
}

export function watchForDiskFull(): DiskFullWatch {
  let carried = "";
  let seen = false;
  return {
    look: (bytes) => {
      if (seen) return;
      const text = carried + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
      seen = diskFull.test(text);
      carried = text.slice(-longestWord);
    },
    get seen() {
      return seen;
    },
  };
}

const diskFull = /no space left on device|disk quota exceeded|\bENOSPC\b|\bEDQUOT\b/i;
const longestWord = 30;
