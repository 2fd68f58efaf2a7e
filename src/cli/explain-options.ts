import { auditSeverities } from "../sandbox/audit/audit-finding.ts";
import { notEmpty, scopeOptions, skillSourceOptions } from "./command-options.ts";
import { choice, text } from "./option.ts";

export const explainOptions = {
  session: text("--session <key>", "the session, by its whole key (default: the agent's main one)", notEmpty),
  agent: text("--agent <id>", "the agent, where the key does not name it", notEmpty),
  tool: text("--tool <name>", "also what every layer says of this tool", notEmpty),
  bundled: skillSourceOptions.bundled,
  workspaceRoot: scopeOptions.workspaceRoot,
};

export const auditOptions = {
  failOn: choice(
    "--fail-on <severity>",
    "end with 2 where something is open that is at least so bad",
    auditSeverities,
  ),
  workspaceRoot: scopeOptions.workspaceRoot,
};
