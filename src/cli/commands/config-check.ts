import { sortProblems } from "../../config/problem.ts";
import { repeatedAgents } from "../../config/repeated-agents.ts";
import { checkDmScope } from "../../config/session/check-dm-scope.ts";
import { defaultAgentId, listAgents } from "../../config/session/configured-agents.ts";
import { checkToolLists } from "../../config/tools/check-tool-lists.ts";
import type { Severity } from "../../diagnostic/diagnostic.ts";
import { formatConfigCheck } from "../../report/format-config.ts";
import { loadSandboxConfig } from "../../sandbox/config/load-sandbox-config.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { configCheckOptions } from "../config-options.ts";
import { exitCodes } from "../exit-code.ts";
import { readGatewayDocument } from "../read-gateway-document.ts";

/** Tells every problem of every agent's settings, and of the lists of tools, at once. */
export async function configCheck(
  context: CommandContext<typeof configCheckOptions>,
): Promise<CommandOutput> {
  const document = readGatewayDocument(context);
  const config = document.valueAt([]);
  const ids = new Set([defaultAgentId(config), ...listAgents(config).map(({ id }) => id)]);
  const loaded = [...ids].map((id) => loadSandboxConfig(document, id));
  const diagnostics = sortProblems([
    ...repeatedAgents(document),
    ...checkDmScope(document),
    ...loaded.flatMap(({ diagnostics: found }) => found),
    ...checkToolLists(config, document.placeOf),
  ]);
  const count = (severity: Severity) => diagnostics.filter((found) => found.severity === severity).length;
  const checked = {
    file: document.file,
    agents: [...ids],
    errors: count("error"),
    warnings: count("warning"),
  };
  const isRefused = checked.errors > 0;
  return {
    outcome: isRefused ? "refused" : "ok",
    diagnostics,
    result: checked,
    text: (style) => formatConfigCheck(checked, style, context.cwd),
    ...(isRefused ? { exitCode: exitCodes.usage } : {}),
  };
}
