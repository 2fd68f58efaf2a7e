import { type ScopeKind, type Sourced, scopeKinds, workspaceAccesses } from "../sandbox-config.ts";
import { explainSession } from "./explain-session.ts";
import { identifySession, type SessionName } from "./identify-session.ts";
import type { Scope } from "./scope.ts";
import type { Session, SessionSandbox } from "./session.ts";

export interface SessionRequest extends SessionName {
  /** What is configured for an agent's sandboxes, all merged. */
  readonly sandboxOf: (agentId: string) => SessionSandbox;
  /** The session that started this one; null: a person, a job or a program did. */
  readonly spawnedBy?: Session | null;
}

/**
 * Says which session a key means, whether it is sandboxed, and in whose sandbox. A session is never less confined than
 * the one that started it: sandboxed with it, with no more of the agent's workspace, in no wider a scope. Whatever is
 * in doubt is not the main session. Throws `INPUT_INVALID` where the key and `agentId` name two agents.
 */
export function resolveSession(request: SessionRequest): Session {
  const { spawnedBy = null } = request;
  const identity = identifySession(request);
  const { agentId, key, isMain } = identity;
  const configured = request.sandboxOf(agentId);
  const parent = spawnedBy?.sandboxed === true ? spawnedBy : null;
  const scopeKind = strictest(configured.scope, parent?.scopeKind, scopeKinds);
  const session: Omit<Session, "why"> = {
    ...identity,
    sandboxed: parent !== null || isSandboxedAlone(configured, isMain),
    scopeKind,
    scope: scopeOf(scopeKind.value, key, agentId),
    workspaceAccess: strictest(configured.workspaceAccess, parent?.workspaceAccess, workspaceAccesses),
    configured,
    spawnedBy,
  };
  return { ...session, why: explainSession(session) };
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
