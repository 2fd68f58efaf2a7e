import { parseSessionKey } from "../config/session/session-key.ts";
import type { Scope } from "./scope.ts";

/** The agent whose sandbox a scope is. Null: a session's key does not tell, or all agents share it. */
export function agentOfScope({ kind, key }: Scope): string | null {
  if (kind !== "session") return kind === "agent" ? key : null;
  const parsed = parseSessionKey(key);
  return parsed.kind === "agent" ? parsed.agentId : null;
}
