import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { fallbackAgentId, normaliseAgentId } from "./agent-id.ts";
import { defaultAgentId, findAgent } from "./configured-agents.ts";
import { type DmScope, dmScopes } from "./dm-scope.ts";
import { valueAt } from "./key-path.ts";
import { lowerCase } from "./lower-case.ts";
import type { Session } from "./session.ts";
import { parseSessionKey, type SessionKey } from "./session-key.ts";
import { readSessionRoute, type SessionRoute } from "./session-route.ts";

export interface SessionName {
  /** The value of the gateway's configuration; anything goes. */
  readonly config: unknown;
  /** As the gateway has it; any text, and never trimmed or cut. */
  readonly sessionKey: string;
  /** The agent that runs it; null: the one that the key names, else the default one. */
  readonly agentId?: string | null;
}

/** What is known of a session before anything is said of sandboxes. */
export type SessionIdentity = Pick<Session, "agentId" | "key" | "isMain" | "route" | "mainKeys" | "dmScope">;

/**
 * Says which session a key means. Whatever is in doubt is not the main one. Throws `INPUT_INVALID` where the key and
 * `agentId` name two agents.
 */
export function identifySession(name: SessionName): SessionIdentity {
  const { config, sessionKey } = name;
  const parsed = parseSessionKey(sessionKey);
  const mainNames = readMainNames(config);
  const agentId = chooseAgent(name, parsed, mainNames);
  const isMain = parsed.kind !== "malformed" && mainNames.includes(lowerCase(parsed.rest));
  return {
    agentId,
    key: keyOf(sessionKey, parsed, agentId, isMain ? mainNames[0] : null),
    isMain,
    route: routeOf(parsed, isMain),
    mainKeys: [...mainNames.map((main) => `agent:${agentId}:${main}`), ...mainNames],
    dmScope: readDmScope(config),
  };
}

/** The words that stand for an agent's main session, the configured one first; in lower case. */
function readMainNames(config: unknown): readonly [string, ...string[]] {
  // One conversation for everything, whoever writes: gateways call it so.
  if (valueAt(config, ["session", "scope"]) === "global") return ["global", "main"];
  const written = valueAt(config, ["session", "mainKey"]);
  const name = typeof written === "string" ? lowerCase(written.trim()) : "";
  return name === "" || name === "main" ? ["main"] : [name, "main"];
}

function chooseAgent(
  { config, sessionKey, agentId = null }: SessionName,
  parsed: SessionKey,
  mainNames: readonly string[],
): string {
  const given = agentId === null ? null : normaliseAgentId(agentId);
  if (parsed.kind === "bare" || parsed.agentId === "") return given ?? defaultAgentId(config);
  const named = normaliseAgentId(parsed.agentId);
  if (given === null || given === named || isOldMainKey(config, parsed, mainNames)) return given ?? named;
  throw new SkillcrateError(
    "INPUT_INVALID",
    `The session ${quoteValue(sessionKey)} is the agent ${quoteValue(named)}'s, not ${quoteValue(given)}'s.`,
    { hint: "Name the session alone, or an agent together with a key of its own." },
  );
}

/** Gateways once wrote every agent's main key as `agent:main:…`; so it may be another's where no agent is `main`. */
function isOldMainKey(config: unknown, parsed: SessionKey, mainNames: readonly string[]): boolean {
  return (
    parsed.kind === "agent" &&
    parsed.agentId === fallbackAgentId &&
    mainNames.includes(lowerCase(parsed.rest)) &&
    findAgent(config, fallbackAgentId) === null
  );
}

function keyOf(written: string, parsed: SessionKey, agentId: string, mainName: string | null): string {
  if (parsed.kind === "malformed") return written;
  return `agent:${agentId}:${mainName ?? parsed.rest}`;
}

function routeOf(parsed: SessionKey, isMain: boolean): SessionRoute {
  const route = readSessionRoute(parsed.kind === "malformed" ? "" : parsed.rest);
  return isMain ? { ...route, kind: "main" } : route;
}

function readDmScope(config: unknown): DmScope {
  const written = valueAt(config, ["session", "dmScope"]);
  return dmScopes.find((known) => known === written) ?? "main";
}
