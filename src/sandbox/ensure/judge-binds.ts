import type { BindGround } from "../../config/rules/judge-bind-source.ts";
import type { SandboxConfig } from "../../config/sandbox-config.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { type CheckedBind, checkBinds } from "../config/check-binds.ts";
import type { SandboxGround } from "./sandbox-request.ts";

/** What configured mounts are judged by. */
export function bindGroundOf(
  { workspaceRoot, agentWorkspace }: SandboxConfig,
  { stateDir, homeDir }: Pick<SandboxGround, "stateDir" | "homeDir">,
): BindGround {
  return { stateDir, homeDir, workspaceRoot: workspaceRoot.value, agentWorkspace: agentWorkspace.value };
}

/**
 * Looked at again now: what was a folder when the configuration was read may be a link by now. Throws `INPUT_INVALID`
 * where one is refused.
 */
export function judgeBinds(config: SandboxConfig, ground: BindGround): readonly CheckedBind[] {
  const { binds, diagnostics } = checkBinds(config.docker.binds, config, ground);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return binds;
  throw new SkillcrateError("INPUT_INVALID", "A configured mount is refused.", {
    hint: "Correct what is named.",
    diagnostics: errors,
  });
}
