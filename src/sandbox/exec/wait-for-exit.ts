import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../engine/engine.ts";

/**
 * The exit code of a command whose output is over: the engine knows it a moment later, or much later where the command
 * has closed its output and goes on. Null on the signal.
 */
export async function waitForExit(
  engine: Engine,
  execId: string,
  signal?: AbortSignal,
): Promise<number | null> {
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const { running, exitCode } = await engine.execs.inspect(execId);
    if (!running || signal?.aborted === true) return exitCode;
    await delay(pauseMs);
  }
}

const longestPauseMs = 250;
