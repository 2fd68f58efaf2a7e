import type { SandboxConfig, ScopeKind, Sourced, WorkspaceAccess } from "../sandbox-config.ts";
import type { DmScope } from "./dm-scope.ts";
import type { Scope } from "./scope.ts";
import type { SessionRoute } from "./session-route.ts";

/**
 * What decides about a session's sandbox, of all that is configured for its agent. `docker` is needed of agents whose sessions
 * start other agents' sessions: without it nobody can tell how the container of such a one is to be confined.
 */
export type SessionSandbox = Pick<SandboxConfig, "mode" | "scope" | "workspaceAccess"> &
  Partial<Pick<SandboxConfig, "docker">>;

/** A session of a gateway, and how it is confined. Plain data. */
export interface Session {
  /** As gateways write it; `main` where nothing names another. */
  readonly agentId: string;
  /**
   * Its key in one form, `agent:ID:REST`, whichever of its names it was called by: no two agents share one. A key that
   * names an impossible agent stays as it is.
   */
  readonly key: string;
  readonly isMain: boolean;
  readonly route: SessionRoute;
  /** The names of the agent's main session; the first is its key. */
  readonly mainKeys: readonly string[];
  readonly dmScope: DmScope;
  readonly sandboxed: boolean;
  /** `derived`: its own, whatever is configured, since it is stricter than its agent's others. */
  readonly scopeKind: Sourced<ScopeKind>;
  /** Whose sandbox it is, or would be. */
  readonly scope: Scope;
  /** What its sandbox sees of the agent's workspace, or would. */
  readonly workspaceAccess: Sourced<WorkspaceAccess>;
  /** What is configured for its agent, before the session that started it is looked at. */
  readonly configured: SessionSandbox;
  /** Whatever confines it confines this one too; null: nobody's. */
  readonly spawnedBy: Session | null;
  /** Why it is sandboxed or not, and in whose sandbox: a sentence each. Foreign text in them is escaped. */
  readonly why: readonly string[];
}
