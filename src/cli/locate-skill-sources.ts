import { join, resolve } from "node:path";
import { resolveUserPath } from "../config/resolve-user-path.ts";
import type { SkillsGround } from "../sandbox/choose-skills.ts";
import type { WorkspaceAccess } from "../sandbox/sandbox-mount.ts";
import type { Scope } from "../sandbox/scope.ts";
import { asObject, ownValue } from "../skill/own-value.ts";
import type { Surroundings } from "./command.ts";
import type { skillSourceOptions } from "./command-options.ts";
import type { Sandboxes } from "./locate-sandboxes.ts";
import type { OptionValues } from "./option.ts";

/** Where the skills of one agent come from, and what the configuration says of them. */
export interface SkillSources {
  readonly sources: SkillsGround & { readonly workspaceDir: string | null };
  /** The agent's list of skills; null: it has none. */
  readonly names: readonly string[] | null;
  /** Null: not configured. */
  readonly workspaceAccess: WorkspaceAccess | null;
}

/** Finds them for the agent that a scope belongs to: what was typed, else its own settings, else those of all agents. */
export function locateSkillSources(
  scope: Scope,
  { config, stateDir }: Sandboxes,
  options: OptionValues<typeof skillSourceOptions>,
  { cwd, homeDir }: Pick<Surroundings, "cwd" | "homeDir">,
): SkillSources {
  const agent = agentOf(scope);
  const settings = agent === null ? null : agentSettings(config, agent);
  const defaults = objectAt(config, ["agents", "defaults"]);
  const configured = textAt(settings, "workspace") ?? textAt(defaults, "workspace");
  const access =
    textAt(objectAt(settings, ["sandbox"]), "workspaceAccess") ??
    textAt(objectAt(defaults, ["sandbox"]), "workspaceAccess");
  return {
    sources: {
      config,
      stateDir,
      homeDir,
      workspaceDir:
        options.agentWorkspace === null
          ? resolveUserPath(configured ?? join(stateDir, "workspace"), homeDir)
          : resolve(cwd, options.agentWorkspace),
      bundledDir: options.bundled === null ? null : resolve(cwd, options.bundled),
    },
    names: listAt(settings, "skills") ?? listAt(defaults, "skills"),
    workspaceAccess: workspaceAccesses.find((known) => known === access) ?? null,
  };
}

const workspaceAccesses: readonly WorkspaceAccess[] = ["none", "ro", "rw"];

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
