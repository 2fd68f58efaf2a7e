import type { OutputChunk } from "../../engine/port/split-frames.ts";
import { type KeptOutput, keepOutput } from "./keep-output.ts";
import { redactChunks } from "./redact-chunks.ts";
import type { SandboxExecRequest } from "./sandbox-exec.ts";
import { secretValues } from "./secret-values.ts";
import { watchForDiskFull } from "./tell-cause.ts";

/** Reads a command's output to its end. */
export interface OutputTaker {
  /** Fulfilled at its end; rejected with what the engine or the caller's `onOutput` throws. */
  readonly done: Promise<void>;
  saidDiskFull(): boolean;
  /** Reads no more, and gives what was kept; the same however often it is called. */
  finish(): Promise<KeptOutput>;
}

type Options = Pick<SandboxExecRequest, "environment" | "tty" | "outputLimitBytes" | "spill" | "onOutput">;

export function takeOutput(options: Options, output: AsyncIterable<OutputChunk>): OutputTaker {
  const { outputLimitBytes = defaultLimitBytes, spill, tty, onOutput, environment } = options;
  const keeper = keepOutput(outputLimitBytes, spill);
  const diskFull = watchForDiskFull();
  let writing: Promise<void> = Promise.resolve();
  let finished: Promise<KeptOutput> | null = null;

  const read = async () => {
    for await (const chunk of redactChunks(output, secretValues(environment))) {
      if (finished !== null) return;
      if (chunk.stream === "stderr" || tty !== undefined) diskFull.look(chunk.bytes);
      writing = keeper.write(chunk);
      await writing;
      await onOutput?.(chunk);
    }
  };
  const done = read();
  // It may fail when nobody waits for it any more.
  done.catch(() => {});
  return {
    done,
    saidDiskFull: () => diskFull.seen,
    finish: () => {
      finished ??= writing.catch(() => {}).then(() => keeper.finish());
      return finished;
    },
  };
}

const defaultLimitBytes = 1024 * 1024;
