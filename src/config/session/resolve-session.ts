import {
  type ScopeKind,
  type Sourced,
  scopeKinds,
  type WorkspaceAccess,
  workspaceAccesses,
} from "../sandbox-config.ts";
import { confineDocker } from "./confine-docker.ts";
import { explainSession } from "./explain-session.ts";
import { identifySession, type SessionIdentity, type SessionName } from "./identify-session.ts";
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
 * the one that started it: sandboxed with it, with no more of the agent's workspace, in no wider a scope, in a container that
 * is open in nothing more (see `confineDocker`). Where that
 * makes it stricter than its agent's others, its sandbox is its own: one that they share cannot be as strict. Whatever
 * is in doubt is not the main session. Throws `INPUT_INVALID` where the key and `agentId` name two agents.
 */
export function resolveSession(request: SessionRequest): Session {
  const { spawnedBy = null } = request;
  const identity = identifySession(request);
  const configured = request.sandboxOf(identity.agentId);
  const parent = spawnedBy?.sandboxed === true ? spawnedBy : null;
  const isSandboxedAlone = isSandboxed(configured, identity.isMain);
  const isStricter =
    (parent !== null && (!isSandboxedAlone || isWider(configured, parent))) ||
    isContainerWider(configured, identity.agentId, spawnedBy);
  const scopeKind = isStricter ? ownScope(configured.scope) : configured.scope;
  const session: Omit<Session, "why"> = {
    ...identity,
    sandboxed: isSandboxedAlone || parent !== null,
    scopeKind,
    scope: scopeOf(scopeKind.value, identity),
    workspaceAccess: parent === null ? configured.workspaceAccess : narrowerAccess(configured, parent),
    configured,
    spawnedBy,
  };
  return { ...session, why: explainSession(session) };
}

function isSandboxed({ mode }: SessionSandbox, isMain: boolean): boolean {
  return mode.value === "all" || (mode.value === "non-main" && !isMain);
}

function isWider(own: SessionSandbox, parent: Session): boolean {
  return (
    scopeKinds.indexOf(own.scope.value) > scopeKinds.indexOf(parent.scopeKind.value) ||
    narrowerAccess(own, parent) !== own.workspaceAccess
  );
}

/** Than that of any session that led to this one. Its own agent's settings are its own. */
function isContainerWider({ docker }: SessionSandbox, agentId: string, spawnedBy: Session | null): boolean {
  for (let parent = spawnedBy; parent !== null; parent = parent.spawnedBy) {
    const { docker: other } = parent.configured;
    if (!parent.sandboxed || parent.agentId === agentId || docker === undefined || other === undefined)
      continue;
    if (confineDocker(docker, other).diagnostics.length > 0) return true;
  }
  return false;
}

/** The kinds of access are listed from none to all. */
function narrowerAccess(own: SessionSandbox, { workspaceAccess }: Session): Sourced<WorkspaceAccess> {
  const rank = ({ value }: Sourced<WorkspaceAccess>) => workspaceAccesses.indexOf(value);
  return rank(workspaceAccess) < rank(own.workspaceAccess) ? workspaceAccess : own.workspaceAccess;
}

function ownScope({ origin }: Sourced<ScopeKind>): Sourced<ScopeKind> {
  return { value: "session", origin: { ...origin, file: null, line: null, column: null, rule: "derived" } };
}

function scopeOf(kind: ScopeKind, { agentId, key }: SessionIdentity): Scope {
  if (kind === "shared") return { kind, key: "shared" };
  return { kind, key: kind === "agent" ? agentId : key };
}
