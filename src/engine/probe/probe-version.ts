import type { ThrowawayContainer } from "../throwaway-container.ts";
import { type Answer, judgeAnswer, versionLimitSeconds } from "./probe-answer.ts";
import type { Survey } from "./probe-survey.ts";

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
  survey: Survey,
): Promise<VersionAnswer> {
  let best: VersionAnswer | null = null;
  for (const args of knownArgs === null ? usualArgs : [knownArgs]) {
    // A program that has shown its usage would show it again when asked for help.
    if (best?.answer.kind === "usage" && helpArgs.includes(args)) return best;
    const answer = await runOnce(container, name, args, survey);
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
  // mawk, which is Debian's awk.
  ["-W", "version"],
  ["-v"],
  ...helpArgs,
];

async function runOnce(
  container: ThrowawayContainer,
  name: string,
  args: readonly string[],
  { hasTimeout, keepers }: Survey,
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
  if (hung && !hasTimeout) await killAllBut(container, keepers);
  return judgeAnswer({ name, args, result, hung });
}

/** What hangs may have started others, so everything goes but the processes that keep the container alive. */
async function killAllBut(container: ThrowawayContainer, keepers: readonly string[]): Promise<void> {
  await container.exec({
    command: ["sh", "-c", killScript, "sh", keepers.join(" ")],
    outputLimitBytes: 1024,
    timeoutMs: 5000,
  });
}

const killScript = `
cd /proc
for process in [0-9]*; do
  case " $1 $$ " in
  *" $process "*) ;;
  *) kill -9 "$process" 2>/dev/null ;;
  esac
done
`;
