import { findAgent } from "../session/configured-agents.ts";
import { type KeyPath, valueAt } from "../session/key-path.ts";
import type { Session } from "../session/session.ts";
import type { LayerRule } from "./layer-rule.ts";
import { writingTools } from "./tool-groups.ts";
import { defaultToolList } from "./tool-list.ts";

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
  const accesses = confining.map(({ agentId }) => accessOf(config, agentId));
  if (accesses.some(({ value }) => value !== "ro" && value !== "rw")) return [];
  return accesses.filter(({ value }) => value === "ro").map(({ path }) => path);
}

function accessOf(config: unknown, agentId: string): { readonly path: KeyPath; readonly value: unknown } {
  const below = ["sandbox", "workspaceAccess"];
  const agentPath = findAgent(config, agentId)?.path;
  const own = agentPath === undefined ? null : [...agentPath, ...below];
  const path = own !== null && valueAt(config, own) !== undefined ? own : ["agents", "defaults", ...below];
  return { path, value: valueAt(config, path) };
}
