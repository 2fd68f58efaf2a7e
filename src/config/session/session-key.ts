import { isAgentId } from "./agent-id.ts";
import { lowerCase } from "./lower-case.ts";

/** A session's key, taken apart. */
export type SessionKey =
  /** `agent:ID:REST`. */
  | { readonly kind: "agent"; readonly agentId: string; readonly rest: string }
  /** One that leaves the agent out, such as `main` or `cron:nightly`. */
  | { readonly kind: "bare"; readonly rest: string }
  /** One that begins as if it named an agent, and names none that can be. */
  | { readonly kind: "malformed"; readonly agentId: string };

/** Takes a key apart. Letter case and everything else in REST stay: some channels have people that differ only in it. */
export function parseSessionKey(key: string): SessionKey {
  if (!/^agent:/i.test(key)) return { kind: "bare", rest: key };
  const [, agentId = "", rest = ""] = /^agent:([^:]*):([\s\S]+)$/i.exec(key) ?? [];
  if (rest === "" || !isAgentId(agentId)) return { kind: "malformed", agentId };
  return { kind: "agent", agentId: lowerCase(agentId), rest };
}
