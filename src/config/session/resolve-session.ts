import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { type ScopeKind, type Sourced, scopeKinds, workspaceAccesses } from "../sandbox-config.ts";
import { fallbackAgentId, normaliseAgentId } from "./agent-id.ts";
import { defaultAgentId, findAgent } from "./configured-agents.ts";
import { type DmScope, dmScopes } from "./dm-scope.ts";
import { explainSession } from "./explain-session.ts";
import { valueAt } from "./key-path.ts";
import { lowerCase } from "./lower-case.ts";
import type { Scope } from "./scope.ts";
import type { Session, SessionSandbox } from "./session.ts";
import { parseSessionKey, type SessionKey } from "./session-key.ts";
import { readSessionRoute, type SessionRoute } from "./session-route.ts";

export interface SessionRequest {
  /** The value of the gateway's configuration; anything goes. */
  readonly config: unknown;
  /** What is configured for an agent's sandboxes, all merged. */
  readonly sandboxOf: (agentId: string) => SessionSandbox;
  /** As the gateway has it; any text, and never trimmed or cut. */
  readonly sessionKey: string;
  /** The agent that runs it; null: the one that the key names, else the default one. */
  readonly agentId?: string | null;
  /** The session that started this one; null: a person, a job or a program did. */
  readonly spawnedBy?: Session | null;
}

/**
 * Says which session a key means, whether it is sandboxed, and in whose sandbox. A session is never less confined than
 * the one that started it: sandboxed with it, with no more of the agent's workspace, in no wider a scope. Whatever is
 * in doubt is not the main session. Throws `INPUT_INVALID` where the key and `agentId` name two agents.
 */
export function resolveSession(request: SessionRequest): Session {
  const { config, sessionKey, spawnedBy = null } = request;
  const parsed = parseSessionKey(sessionKey);
  const mainNames = readMainNames(config);
  const agentId = chooseAgent(request, parsed, mainNames);
  const isMain = parsed.kind !== "malformed" && mainNames.includes(lowerCase(parsed.rest));
  const key = keyOf(sessionKey, parsed, agentId, isMain ? mainNames[0] : null);
  const configured = request.sandboxOf(agentId);
  const parent = spawnedBy?.sandboxed === true ? spawnedBy : null;
  const scopeKind = strictest(configured.scope, parent?.scopeKind, scopeKinds);
  const session: Omit<Session, "why"> = {
    agentId,
    key,
    isMain,
    route: routeOf(parsed, isMain),
    mainKeys: [...mainNames.map((name) => `agent:${agentId}:${name}`), ...mainNames],
    dmScope: readDmScope(config),
    sandboxed: parent !== null || isSandboxedAlone(configured, isMain),
    scopeKind,
    scope: scopeOf(scopeKind.value, key, agentId),
    workspaceAccess: strictest(configured.workspaceAccess, parent?.workspaceAccess, workspaceAccesses),
    configured,
    spawnedBy,
  };
  return { ...session, why: explainSession(session) };
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
  { config, sessionKey, agentId = null }: SessionRequest,
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

function isSandboxedAlone({ mode }: SessionSandbox, isMain: boolean): boolean {
  return mode.value === "all" || (mode.value === "non-main" && !isMain);
}

/** The first of `order` is the strictest. */
function strictest<T>(own: Sourced<T>, parents: Sourced<T> | undefined, order: readonly T[]): Sourced<T> {
  if (parents === undefined) return own;
  return order.indexOf(parents.value) < order.indexOf(own.value) ? parents : own;
}

function scopeOf(kind: ScopeKind, key: string, agentId: string): Scope {
  if (kind === "shared") return { kind, key: "shared" };
  return { kind, key: kind === "agent" ? agentId : key };
}
