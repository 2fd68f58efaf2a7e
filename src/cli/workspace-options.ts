import { notEmpty, scopeOptions } from "./command-options.ts";
import { flag, text } from "./option.ts";

export const workspacePutOptions = {
  agentWorkspace: text(
    "--agent-workspace <dir>",
    "the sandbox works in this folder of the agent's (workspaceAccess rw)",
    notEmpty,
  ),
  ...scopeOptions,
};

export const workspaceListOptions = {
  follow: flag("--follow", "follow links, as far as they stay in the sandbox's folders"),
  ...workspacePutOptions,
};

export const workspaceGetOptions = {
  force: flag("--force", "replace a file that is there"),
  ...workspaceListOptions,
};
