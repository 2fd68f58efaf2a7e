import { statSync } from "node:fs";
import type { SandboxConfig } from "../../config/sandbox-config.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import { chooseSandboxUser } from "../sandbox-user.ts";
import type { ScopeFolder } from "../scope-folder.ts";

/**
 * Whom a sandbox runs as: whoever is configured, else the owner of its workspace. Throws `INPUT_INVALID` for an agent's
 * workspace that is to be written and belongs to root.
 */
export function chooseUser(
  { docker, agentWorkspace }: SandboxConfig,
  isRw: boolean,
  folder: ScopeFolder,
): Owner {
  const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const dir = agentWorkspace.value;
  const chosen = docker.user.value;
  const user =
    chosen === null
      ? chooseSandboxUser(isRw ? dir : folder.workspaceDir, own)
      : { uid: chosen.uid, gid: chosen.gid ?? chosen.uid };
  if (!isRw || statSync(dir, { throwIfNoEntry: false })?.uid !== 0) return user;
  throw new SkillcrateError(
    "INPUT_INVALID",
    `The agent's workspace ${quoteValue(dir)} belongs to root, and a sandbox could not write there.`,
    { hint: `Give it to the sandbox's user:\nsudo chown -R ${user.uid}:${user.gid} ${quoteValue(dir)}` },
  );
}
