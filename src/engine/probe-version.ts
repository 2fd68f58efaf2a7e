import { type Answer, judgeAnswer, versionLimitSeconds } from "./probe-answer.ts";
import type { ThrowawayContainer } from "./throwaway-container.ts";

export interface VersionAnswer {
  readonly answer: Answer;
  /** The arguments that gave it. */
  readonly args: readonly string[];
}

/**
 * Runs a program without a shell until it shows a version: with the arguments that are known, else with those that
 * programs usually take. Usage text will do where no version is to be had.
 */
export async function askVersion(
  container: ThrowawayContainer,
  name: string,
  knownArgs: readonly string[] | null,
  hasTimeout: boolean,
): Promise<VersionAnswer> {
  let best: VersionAnswer | null = null;
  for (const args of knownArgs === null ? usualArgs : [knownArgs]) {
    // A program that has shown its usage would show it again when asked for help.
    if (best?.answer.kind === "usage" && helpArgs.includes(args)) return best;
    const answer = await runOnce(container, name, args, hasTimeout);
    if (answer.kind === "version") return { answer, args };
    // Odd arguments may set a program going that has already shown that it works.
    if (answer.kind === "broken") return best?.answer.kind === "usage" ? best : { answer, args };
    if (best === null || (answer.kind === "usage" && best.answer.kind === "unclear")) best = { answer, args };
  }
  return best ?? { answer: { kind: "unclear", problem: "no arguments to try" }, args: [] };
}

const helpArgs: readonly (readonly string[])[] = [["--help"], ["-h"], ["help"]];
const usualArgs: readonly (readonly string[])[] = [
  ["--version"],
  ["-V"],
  ["version"],
  ["-version"],
  ["-v"],
  ...helpArgs,
];

async function runOnce(
  container: ThrowawayContainer,
  name: string,
  args: readonly string[],
  hasTimeout: boolean,
): Promise<Answer> {
  const limitMs = versionLimitSeconds * 1000;
  const guard = hasTimeout ? ["timeout", "-k", "1", String(versionLimitSeconds)] : [];
  const startedAt = performance.now();
  const result = await container.exec({
    command: [...guard, name, ...args],
    outputLimitBytes: 256 * 1024,
    timeoutMs: hasTimeout ? limitMs + 5000 : limitMs,
  });
  const stopped = result.exitCode === 124 || result.exitCode === 137;
  const hung = result.timedOut || (hasTimeout && stopped && performance.now() - startedAt >= limitMs);
  if (hung && !hasTimeout) await killEverything(container);
  return judgeAnswer({ name, args, result, hung });
}

/** Every process of this user but the container's first, which the kernel shields from signals of its own. */
async function killEverything(container: ThrowawayContainer): Promise<void> {
  await container.exec({
    command: ["sh", "-c", "kill -9 -1"],
    outputLimitBytes: 1024,
    timeoutMs: 5000,
  });
}
