import { nearestName } from "../../config/nearest-name.ts";
import { resolveSandboxConfig } from "../../config/resolve-sandbox-config.ts";
import { checkToolLists } from "../../config/tools/check-tool-lists.ts";
import { decideElevated } from "../../config/tools/decide-elevated.ts";
import { decideTool, type ToolDecision } from "../../config/tools/decide-tool.ts";
import { describeToolDecision } from "../../config/tools/describe-tool-decision.ts";
import { knownTools } from "../../config/tools/known-tools.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { formatToolDecision, formatTools } from "../../report/format-tools.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import { readGatewayDocument } from "../read-gateway-document.ts";
import { readSession } from "../read-session.ts";
import type { toolsOptions } from "../tools-options.ts";

/** Says which tools a session may use, and for each that it may not, which layer, list and key blocks it. */
export async function tools(context: CommandContext<typeof toolsOptions>): Promise<CommandOutput> {
  const { tool, provider } = context.options;
  const document = readGatewayDocument(context);
  const config = document.valueAt([]);
  const session = readSession(document, context.options);
  const names = tool === null ? knownTools.map(({ name }) => name) : [tool];
  const { placeOf } = document;
  const decisions = names.map((name) => decideTool({ config, session, tool: name, provider, placeOf }));
  const elevated = decideElevated(config, session, placeOf);
  const ofSandbox = resolveSandboxConfig(document, session.agentId).diagnostics.filter(isError);
  const [decision] = decisions;
  return {
    outcome: ofSandbox.length > 0 ? "refused" : "ok",
    diagnostics: [
      ...(tool === null || decision === undefined ? [] : unknownTool(decision)),
      ...checkToolLists(config, placeOf),
      ...ofSandbox,
    ],
    result: { session, elevated, tools: decisions.map(({ session: _, ...told }) => told) },
    text: (style) =>
      tool === null || decision === undefined
        ? formatTools(session, decisions, style)
        : formatToolDecision(describeToolDecision({ decision, elevated, config }), style),
    ...(ofSandbox.length > 0 ? { exitCode: exitCodes.usage } : {}),
  };
}

function unknownTool({ tool }: ToolDecision): readonly Diagnostic[] {
  const names = knownTools.map(({ name }) => name);
  const near = names.includes(tool) ? null : nearestName(tool, names);
  if (near === null) return [];
  return [
    {
      code: "TOOL_NAME_UNKNOWN",
      severity: "warning",
      message: `There is no tool ${quoteValue(tool)}, unless a plugin has one; it is judged by its name.`,
      hint: `Did you mean ${quoteValue(near)}?`,
    },
  ];
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
