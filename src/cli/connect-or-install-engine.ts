import { join } from "node:path";
import { escapeText } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { connectEngine } from "../engine/connect/connect-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { packageDir } from "../host/package-dir.ts";
import type { Surroundings } from "./command.ts";

/**
 * The engine that is there, or one that `scripts/install-engine.sh` installs and starts where that is possible. Throws
 * `ENGINE_DOWN` with what to type where it is not, and where the environment names an engine that does not answer:
 * another one beside it would not be asked.
 */
export async function connectOrInstallEngine(surroundings: Surroundings): Promise<Engine> {
  try {
    return await connectEngine(surroundings);
  } catch (error) {
    if (!(error instanceof SkillcrateError) || error.code !== "ENGINE_DOWN") throw error;
    const { DOCKER_HOST, DOCKER_CONTEXT } = surroundings.env;
    if (DOCKER_HOST || DOCKER_CONTEXT) throw error;
    await installEngine(error, surroundings);
    return await connectEngine(surroundings);
  }
}

/** First asks the script what it would do: where it can do nothing, its answer is the commands for this system. */
async function installEngine(missing: SkillcrateError, surroundings: Surroundings): Promise<void> {
  const { story } = surroundings;
  const planned = await runScript(["--dry-run"], surroundings, () => undefined);
  const outcome = planned.succeeded
    ? await runScript([], surroundings, (line) => story.line(story.style.dim(escapeText(line))))
    : planned;
  if (outcome.succeeded) return;
  throw new SkillcrateError("ENGINE_DOWN", missing.message, { hint: outcome.lastLines, cause: missing });
}

async function runScript(
  args: readonly string[],
  { env, signal }: Surroundings,
  onLine: (line: string) => void,
): Promise<{ readonly succeeded: boolean; readonly lastLines: string }> {
  const { execa } = await import("execa");
  const path = join(packageDir(), "scripts", "install-engine.sh");
  const options = {
    env,
    extendEnv: false,
    stdin: "ignore",
    all: true,
    reject: false,
    cancelSignal: signal,
  } as const;
  const script = execa("bash", [path, ...args], options);
  for await (const line of script.iterable({ from: "all" })) onLine(line);
  const { failed, all } = await script;
  signal.throwIfAborted();
  return { succeeded: !failed, lastLines: all.trim().split("\n").slice(-20).join("\n") };
}
