import { resolveSession } from "../../src/config/session/resolve-session.ts";
import { type DecideToolRequest, decideTool, type ToolDecision } from "../../src/config/tools/decide-tool.ts";
import { sandboxSettings } from "./sandbox-settings.ts";

/** Whether the session of a key may use a tool, in a gateway of this configuration. */
export function decide(
  config: unknown,
  sessionKey: string,
  tool: string,
  more: Partial<DecideToolRequest> = {},
): ToolDecision {
  const session = resolveSession({ config, sandboxOf: sandboxSettings(config), sessionKey });
  return decideTool({ config, session, tool, ...more });
}
