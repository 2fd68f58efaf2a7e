import { workspaceAccesses } from "../sandbox-config.ts";
import { findAgent } from "../session/configured-agents.ts";
import { type KeyPath, valueAt } from "../session/key-path.ts";
import type { Session } from "../session/session.ts";
import type { LayerRule } from "./layer-rule.ts";
import { writingTools } from "./tool-groups.ts";
import { defaultToolList } from "./tool-list.ts";

/** Where it is set for all agents. */
export const workspaceAccessOfAll: KeyPath = ["agents", "defaults", "sandbox", "workspaceAccess"];

/** In a sandbox that may only read the agent's workspace nothing writes; null: it may, or sees none of it. */
export function workspaceRule(config: unknown, session: Session): LayerRule | null {
  const [path] = readOnlyBy(config, session);
  if (path === undefined) return null;
  return {
    deny: [defaultToolList(writingTools, path)],
    allow: [],
    allowsAll: true,
    admit: () => ({ op: "set", path, value: "rw" }),
  };
}

/**
 * The settings that make a session's workspace read-only: its own, and those of the sandboxed sessions that it comes
 * from. All of them must be changed to make it writable. Where any of them sees nothing of the workspace, none do.
 */
function readOnlyBy(config: unknown, session: Session): readonly KeyPath[] {
  if (!session.sandboxed) return [];
  const confining: Session[] = [];
  for (let next: Session | null = session; next?.sandboxed === true; next = next.spawnedBy)
    confining.push(next);
  const paths = confining.map(({ agentId }) => accessPath(config, agentId));
  const seesNothing = paths.some((path) => !["ro", "rw"].includes(String(valueAt(config, path))));
  return seesNothing ? [] : paths.filter((path) => valueAt(config, path) === "ro");
}

/** Where an agent's access is set; what is no access counts as not written. */
function accessPath(config: unknown, agentId: string): KeyPath {
  const agentPath = findAgent(config, agentId)?.path ?? null;
  const own = agentPath === null ? workspaceAccessOfAll : [...agentPath, "sandbox", "workspaceAccess"];
  const isWritten = workspaceAccesses.some((access) => access === valueAt(config, own));
  return isWritten ? own : workspaceAccessOfAll;
}
