import type { OutputChunk, OutputStream } from "../../engine/port/split-frames.ts";
import { openSpillFile, type SpilledOutput, type SpillFile, type SpillTarget } from "./spill-file.ts";

export interface KeptOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** Whether there was more than the limit. */
  readonly truncated: boolean;
  /** What did not fit, both streams in the order in which it came; null: everything fitted, or no folder was given. */
  readonly spilledTo: SpilledOutput | null;
}

/** Keeps the beginning of an output in memory and the rest in a file. */
export interface OutputKeeper {
  write(chunk: OutputChunk): Promise<void>;
  /** To be called once. */
  finish(): KeptOutput;
}

/** `limitBytes` is for both streams together. */
export function keepOutput(limitBytes: number, spill: SpillTarget | undefined): OutputKeeper {
  const kept: Record<OutputStream, ByteBuffer> = { stdout: growingBuffer(), stderr: growingBuffer() };
  let room = limitBytes;
  let truncated = false;
  let file: SpillFile | null = null;
  return {
    write: async ({ stream, bytes }) => {
      const fitting = bytes.subarray(0, room);
      kept[stream].append(fitting);
      room -= fitting.length;
      if (fitting.length === bytes.length) return;
      truncated = true;
      if (spill === undefined) return;
      file ??= openSpillFile(spill);
      await file.write(bytes.subarray(fitting.length));
    },
    finish: () => ({
      stdout: toText(kept.stdout.bytes(), truncated),
      stderr: toText(kept.stderr.bytes(), truncated),
      truncated,
      spilledTo: file?.close() ?? null,
    }),
  };
}

interface ByteBuffer {
  append(bytes: Uint8Array): void;
  bytes(): Uint8Array;
}

/** One buffer, however small the pieces are in which a program prints. */
function growingBuffer(): ByteBuffer {
  let buffer = Buffer.alloc(0);
  let used = 0;
  return {
    append: (bytes) => {
      if (used + bytes.length > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(2 * buffer.length, used + bytes.length, 1024));
        buffer.copy(larger, 0, 0, used);
        buffer = larger;
      }
      buffer.set(bytes, used);
      used += bytes.length;
    },
    bytes: () => buffer.subarray(0, used),
  };
}

/** A character that the limit cuts in two is left out; what is no UTF-8 becomes U+FFFD. */
function toText(bytes: Uint8Array, truncated: boolean): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: truncated });
}
