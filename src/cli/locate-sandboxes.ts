import { join, resolve } from "node:path";
import { resolveUserPath } from "../config/resolve-user-path.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { asObject, ownValue } from "../skill/own-value.ts";
import { locateGateway } from "../source/locate-gateway.ts";
import { readGatewayConfig } from "../source/read-gateway-config.ts";
import type { Surroundings } from "./command.ts";

/** Where a gateway keeps its sandboxes, and what its configuration says. */
export interface Sandboxes {
  readonly workspaceRoot: string;
  readonly stateDir: string;
  readonly configPath: string;
  /** The value of the configuration file; `undefined` where there is none. */
  readonly config: unknown;
}

/**
 * `--workspace-root` (from the current folder), else `agents.defaults.sandbox.workspaceRoot`, else
 * `<state>/sandboxes`. Throws `INPUT_INVALID` where the gateway's configuration cannot be read or is relative: what it says
 * of folders and secrets must not be guessed.
 */
export function locateSandboxes(
  { env, homeDir, cwd, story }: Surroundings,
  workspaceRootOption: string | null,
): Sandboxes {
  const { stateDir, configPath, diagnostics: ofPlace } = locateGateway(env, homeDir);
  const { config, diagnostics } = readGatewayConfig(configPath);
  if (diagnostics.length > 0) {
    throw new SkillcrateError("INPUT_INVALID", `${quoteValue(configPath)} cannot be read.`, {
      hint: "Correct the file.",
      diagnostics,
    });
  }
  story.diagnostics(ofPlace);
  const workspaceRoot =
    workspaceRootOption === null
      ? (configuredRoot(config, homeDir, configPath) ?? join(stateDir, "sandboxes"))
      : resolve(cwd, resolveUserPath(workspaceRootOption, homeDir) ?? workspaceRootOption);
  return { workspaceRoot, stateDir, configPath, config };
}

/** Throws `INPUT_INVALID` for a relative one: the gateway would take it from a folder that only it knows. */
function configuredRoot(config: unknown, homeDir: string, configPath: string): string | null {
  let value = config;
  for (const key of ["agents", "defaults", "sandbox", "workspaceRoot"])
    value = ownValue(asObject(value), key);
  if (typeof value !== "string" || value.trim() === "") return null;
  const path = resolveUserPath(value.trim(), homeDir);
  if (path !== null) return path;
  throw new SkillcrateError(
    "INPUT_INVALID",
    `agents.defaults.sandbox.workspaceRoot in ${quoteValue(configPath)} is ${quoteValue(value)}, which depends on the current folder.`,
    { hint: "Write an absolute path there, or name the folder: --workspace-root DIR" },
  );
}
