import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";

const installer = fileURLToPath(new URL("../../scripts/install-engine.sh", import.meta.url));

/** The engine that tests use: one that answers, else one that the set-up's own script installs and starts. */
export async function connectTestEngine(): Promise<Engine> {
  const host = { env: process.env, homeDir: homedir() };
  try {
    return await connectEngine(host);
  } catch (error) {
    if (!(error instanceof SkillcrateError) || error.code !== "ENGINE_DOWN") throw error;
    await execa("bash", [installer], { stdio: ["ignore", "inherit", "inherit"] });
    return connectEngine(host);
  }
}
