import type { ConfigDocument } from "../config/config-document.ts";
import { defaultAgentId } from "../config/session/configured-agents.ts";
import { resolveSession } from "../config/session/resolve-session.ts";
import { loadSandboxConfig } from "../sandbox/config/load-sandbox-config.ts";
import { planExisting } from "../sandbox/explain/plan-existing.ts";
import type { GatewaySandboxes } from "../sandbox/life/find-sandboxes.ts";
import type { SandboxSummary } from "../sandbox/life/list-sandboxes.ts";

/** The hash of the plan that a sandbox, or a browser, would be made from now; null where that cannot be known. */
export function plannedHash(
  gateway: GatewaySandboxes,
  document: ConfigDocument,
  signal: AbortSignal,
): (sandbox: SandboxSummary) => Promise<string | null> {
  const config = document.valueAt([]);
  const sandboxOf = (agentId: string) => loadSandboxConfig(document, agentId).config;
  return async ({ id, scope, agent, pool }) => {
    const details = await gateway.engine.sandboxes.inspect(id, signal);
    if (details === null) return null;
    const agentId = agent ?? defaultAgentId(config);
    // Of an agent's sandbox any session will do: it is the agent's settings that count.
    const sessionKey = scope.kind === "session" ? scope.key : "main";
    const session = resolveSession({ config, sandboxOf, sessionKey, agentId });
    // In another scope now, it is nobody's: what is there goes when it is idle.
    const isIts = session.scope.kind === scope.kind && session.scope.key === scope.key;
    // What waits in the pool is no session's yet, and has the agent's settings.
    if (!isIts && pool !== "waiting") return null;
    const existing = { document, config: sandboxOf(agentId), session, gateway, details };
    return (await planExisting(existing, signal))?.hash ?? null;
  };
}
