import type { ConfigDocument } from "../config/config-document.ts";
import { resolveSession } from "../config/session/resolve-session.ts";
import type { Session } from "../config/session/session.ts";
import { loadSandboxConfig } from "../sandbox/config/load-sandbox-config.ts";

/** What options say of a session. */
export interface SessionOptions {
  readonly session: string | null;
  readonly agent: string | null;
  readonly spawnedBy?: string | null;
}

/** The session that options name; without any, the agent's main one. One that started it is one of no further origin. */
export function readSession(
  document: ConfigDocument,
  { session, agent, spawnedBy = null }: SessionOptions,
): Session {
  const ground = {
    config: document.valueAt([]),
    sandboxOf: (agentId: string) => loadSandboxConfig(document, agentId).config,
  };
  const parent = spawnedBy === null ? null : resolveSession({ ...ground, sessionKey: spawnedBy });
  return resolveSession({ ...ground, sessionKey: session ?? "main", agentId: agent, spawnedBy: parent });
}
