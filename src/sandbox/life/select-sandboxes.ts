import type { Scope } from "../scope.ts";
import { readScopeRecord } from "../scope-record.ts";
import type { FoundSandbox } from "./find-sandboxes.ts";

/** Which sandboxes are meant. */
export type SandboxSelection =
  | { readonly kind: "all" }
  | { readonly kind: "shared" }
  /** The agent's own, and those of its sessions. */
  | { readonly kind: "agent"; readonly agent: string }
  /** The session's own, or the one that it shares. */
  | { readonly kind: "session"; readonly session: string };

/** Whose a sandbox is. */
interface Sharers {
  readonly scope: Scope;
  readonly agent: string | null;
  /** Keys of the sessions that have used it. */
  readonly sessions: readonly string[];
}

export function isSelected({ scope, agent, sessions }: Sharers, selection: SandboxSelection): boolean {
  switch (selection.kind) {
    case "all":
      return true;
    case "shared":
      return scope.kind === "shared";
    case "agent":
      return agent === selection.agent || (scope.kind === "agent" && scope.key === selection.agent);
    case "session":
      return scope.kind === "session"
        ? scope.key === selection.session
        : sessions.includes(selection.session);
  }
}

export function selectSandboxes(
  found: readonly FoundSandbox[],
  selection: SandboxSelection,
): readonly FoundSandbox[] {
  return found.filter(({ labels: { scope, agent }, scopeRecordsDir }) => {
    const read =
      selection.kind === "session" && scopeRecordsDir !== null ? readScopeRecord(scopeRecordsDir) : null;
    const sessions = read?.kind === "record" ? read.record.sessions.map(({ key }) => key) : [];
    return isSelected({ scope, agent, sessions }, selection);
  });
}
