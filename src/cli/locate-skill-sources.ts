import { resolve } from "node:path";
import { resolveSandboxConfig } from "../config/resolve-sandbox-config.ts";
import { defaultAgentId, findAgent } from "../config/session/configured-agents.ts";
import { agentOfScope } from "../sandbox/agent-of-scope.ts";
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
  readonly workspaceAccess: WorkspaceAccess;
}

/** Finds them for the agent that a scope belongs to: what was typed, else its own settings, else those of all agents. */
export function locateSkillSources(
  scope: Scope,
  { document, config, stateDir }: Sandboxes,
  options: OptionValues<typeof skillSourceOptions>,
  { cwd, homeDir }: Pick<Surroundings, "cwd" | "homeDir">,
): SkillSources {
  const agentId = agentOfScope(scope) ?? defaultAgentId(config);
  const { agentWorkspace, workspaceAccess } = resolveSandboxConfig(document, agentId).config;
  const own = scope.kind === "shared" ? null : (findAgent(config, agentId)?.settings ?? null);
  return {
    sources: {
      config,
      stateDir,
      homeDir,
      workspaceDir:
        options.agentWorkspace === null ? agentWorkspace.value : resolve(cwd, options.agentWorkspace),
      bundledDir: options.bundled === null ? null : resolve(cwd, options.bundled),
    },
    names: skillsOf(own) ?? skillsOf(asObject(document.valueAt(["agents", "defaults"]))),
    workspaceAccess: workspaceAccess.value,
  };
}

function skillsOf(settings: Readonly<Record<string, unknown>> | null): readonly string[] | null {
  const value = ownValue(settings, "skills");
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : null;
}
