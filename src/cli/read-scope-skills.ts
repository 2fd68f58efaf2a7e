import { join, resolve } from "node:path";
import { type ChosenSkills, chooseSkills } from "../sandbox/choose-skills.ts";
import type { Scope } from "../sandbox/scope.ts";
import type { SecretSkill } from "../sandbox/secrets/secret-skill.ts";
import { asObject, ownValue } from "../skill/parse-skills-settings.ts";
import { resolveUserPath } from "../source/resolve-user-path.ts";
import type { CommandContext } from "./command.ts";
import type { secretListOptions } from "./command-options.ts";
import type { Sandboxes } from "./locate-sandboxes.ts";

export interface ScopeSkills extends Pick<ChosenSkills, "diagnostics"> {
  readonly skills: readonly SecretSkill[];
}

/**
 * The skills that a scope's sandbox may have: those that are turned on and that the agent's list holds. What they
 * require of an image is not judged, since an image is not known here.
 */
export async function readScopeSkills(
  scope: Scope,
  { config, stateDir }: Sandboxes,
  { options, cwd, homeDir, signal }: CommandContext<typeof secretListOptions>,
): Promise<ScopeSkills> {
  const agent = agentOf(scope);
  const settings = agent === null ? null : agentSettings(config, agent);
  const defaults = objectAt(config, ["agents", "defaults"]);
  const configured = textAt(settings, "workspace") ?? textAt(defaults, "workspace");
  const workspaceDir =
    options.workspace === null
      ? (resolveUserPath(configured ?? join(stateDir, "workspace"), homeDir) ?? null)
      : resolve(cwd, options.workspace);
  const bundledDir = options.bundled === null ? null : resolve(cwd, options.bundled);
  const chosen = await chooseSkills(
    { config, stateDir, homeDir, workspaceDir, bundledDir },
    { names: listAt(settings, "skills") ?? listAt(defaults, "skills"), facts: null },
    signal,
  );
  return { skills: chosen.skills.map(({ skill }) => skill), diagnostics: chosen.diagnostics };
}

/** Session keys begin `agent:<id>:`; null: the key does not tell. */
function agentOf({ kind, key }: Scope): string | null {
  if (kind === "agent") return key;
  return kind === "session" ? (/^agent:([^:]+):/.exec(key)?.[1] ?? null) : null;
}

/** `agents.entries.<id>`, or the entry of `agents.list` with that id. */
function agentSettings(config: unknown, id: string): Readonly<Record<string, unknown>> | null {
  const entry = objectAt(config, ["agents", "entries", id]);
  if (entry !== null) return entry;
  const list = ownValue(objectAt(config, ["agents"]), "list");
  if (!Array.isArray(list)) return null;
  return list.map(asObject).find((item) => ownValue(item, "id") === id) ?? null;
}

function objectAt(config: unknown, path: readonly string[]): Readonly<Record<string, unknown>> | null {
  let value = config;
  for (const key of path) value = ownValue(asObject(value), key);
  return asObject(value);
}

function textAt(object: Readonly<Record<string, unknown>> | null, key: string): string | null {
  const value = ownValue(object, key);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

function listAt(object: Readonly<Record<string, unknown>> | null, key: string): readonly string[] | null {
  const value = ownValue(object, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : null;
}
