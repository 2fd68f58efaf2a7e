import { createFrameSplitter, type OutputStream } from "./split-frames.ts";

/** What a program printed, cut at a limit for both streams together. */
export interface ExecOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

/** Takes a program's output apart as it comes; `result` may be asked for at any time. */
export interface ExecOutputReader {
  /** Throws a RangeError where the chunk does not continue a multiplexed stream. */
  write(chunk: Uint8Array): void;
  result(): ExecOutput;
}

/** Keeps what the engine's multiplexed stream holds, up to a limit. What is beyond it is dropped: memory stays bounded. */
export function readExecOutput(limitBytes: number): ExecOutputReader {
  const kept: Record<OutputStream, Uint8Array[]> = { stdout: [], stderr: [] };
  const split = createFrameSplitter();
  let room = limitBytes;
  let truncated = false;
  return {
    write: (chunk) => {
      for (const { stream, bytes } of split(chunk)) {
        const fitting = bytes.slice(0, room);
        if (fitting.length > 0) kept[stream].push(fitting);
        truncated ||= fitting.length < bytes.length;
        room -= fitting.length;
      }
    },
    result: () => ({ stdout: toText(kept.stdout), stderr: toText(kept.stderr), truncated }),
  };
}

function toText(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("utf8");
}
