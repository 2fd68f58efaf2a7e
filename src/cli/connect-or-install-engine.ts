import { join } from "node:path";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { connectEngine } from "../engine/connect-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { packageDir } from "../source/package-dir.ts";
import type { Surroundings } from "./command.ts";

/**
 * The engine that is there, or one that `scripts/install-engine.sh` installs and starts where that is possible. Throws
 * `ENGINE_DOWN` with what to type where it is not.
 */
export async function connectOrInstallEngine(surroundings: Surroundings): Promise<Engine> {
  try {
    return await connectEngine(surroundings);
  } catch (error) {
    if (!(error instanceof SkillcrateError) || error.code !== "ENGINE_DOWN") throw error;
    await installEngine(error, surroundings);
    return await connectEngine(surroundings);
  }
}

async function installEngine(missing: SkillcrateError, { env, signal }: Surroundings): Promise<void> {
  const { execa } = await import("execa");
  const script = join(packageDir(), "scripts", "install-engine.sh");
  const result = await execa("bash", [script], {
    env,
    extendEnv: false,
    stdin: "ignore",
    stdout: 2,
    stderr: ["inherit", "pipe"],
    cancelSignal: signal,
    reject: false,
  });
  if (!result.failed) return;
  if (signal.aborted)
    throw new SkillcrateError("CANCELLED", "Stopped while an engine was installed.", { hint: "" });
  throw new SkillcrateError("ENGINE_DOWN", missing.message, { hint: result.stderr.trim(), cause: missing });
}
