import type { ConfigDocument } from "../../config/config-document.ts";
import { listSettings } from "../../config/list-settings.ts";
import { nearestName } from "../../config/nearest-name.ts";
import { defaultAgentId, listAgents } from "../../config/session/configured-agents.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { formatSettings } from "../../report/format-config.ts";
import { loadSandboxConfig } from "../../sandbox/config/load-sandbox-config.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { configShowOptions } from "../config-options.ts";
import { exitCodes } from "../exit-code.ts";
import { readGatewayDocument } from "../read-gateway-document.ts";

/** Shows the settings that apply to one agent's sandboxes, each with its origin. */
export async function configShow(context: CommandContext<typeof configShowOptions>): Promise<CommandOutput> {
  const document = readGatewayDocument(context);
  const agentId = context.options.agent ?? defaultAgentId(document.valueAt([]));
  const { config, diagnostics } = loadSandboxConfig(document, agentId);
  const settings = listSettings(config);
  const isRefused = diagnostics.some(({ severity }) => severity === "error");
  return {
    outcome: isRefused ? "refused" : "ok",
    diagnostics: [...unknownAgent(context.options.agent, document), ...diagnostics],
    result: { file: document.file, agent: config.agentId, settings },
    text: (style) => formatSettings(settings, style, context.cwd),
    ...(isRefused ? { exitCode: exitCodes.usage } : {}),
  };
}

/** An agent that the configuration does not name has the settings of all agents, which may be meant. */
function unknownAgent(agentId: string | null, document: ConfigDocument): readonly Diagnostic[] {
  if (agentId === null || document.pathOfAgent(agentId) !== null) return [];
  const ids = listAgents(document.valueAt([])).map(({ id }) => id);
  const near = nearestName(agentId, ids);
  const known = ids.length === 0 ? "It names none." : `It names: ${ids.join(", ")}.`;
  return [
    {
      code: "CONFIG_AGENT_UNKNOWN",
      severity: "warning",
      message: `The configuration names no agent ${quoteValue(agentId)}; the settings of all agents are shown.`,
      hint: near === null ? known : `Did you mean ${quoteValue(near)}?`,
    },
  ];
}
