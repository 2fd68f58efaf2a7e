import type { ConfigEdit } from "./config-edit.ts";
import { entriesFor, type ToolEntry, type ToolList, type ToolPolicy } from "./tool-list.ts";

/** What a tool has to pass, in this order. */
export const toolLayers = [
  "profile",
  "provider profile",
  "global",
  "provider",
  "agent",
  "agent provider",
  "group",
  "sandbox",
  "workspace access",
  "subagent",
] as const;
export type ToolLayerName = (typeof toolLayers)[number];

/** What one layer lets through: all its lists chosen and put together. */
export interface LayerRule {
  /** An entry of any of these takes a tool away. */
  readonly deny: readonly ToolList[];
  /** Those that add up to what may pass. */
  readonly allow: readonly ToolList[];
  /** Whether a tool that is in none of `allow` may pass. */
  readonly allowsAll: boolean;
  /** The change that lets a tool in where no list that somebody wrote denies it. */
  readonly admit: (tool: string) => ConfigEdit;
}

export interface LayerVerdict {
  readonly passes: boolean;
  /** The list that decided; null: none had to. */
  readonly list: ToolList | null;
  /** Its entry that means the tool; null: it has none. */
  readonly entry: ToolEntry | null;
}

/** Whether a layer lets a tool through. A list that cannot be read lets nothing through. */
export function judgeLayer({ deny, allow, allowsAll }: LayerRule, tool: string): LayerVerdict {
  const unreadable = [...deny, ...allow].find(({ isReadable }) => !isReadable);
  if (unreadable !== undefined) return { passes: false, list: unreadable, entry: null };
  const denied = firstEntry(deny, tool);
  if (denied !== null) return { passes: false, ...denied };
  const allowed = firstEntry(allow, tool);
  if (allowed !== null) return { passes: true, ...allowed };
  return { passes: allowsAll, list: allowsAll ? null : (allow[0] ?? null), entry: null };
}

/** The rule of the lists at one place that no default stands behind; null: there are none. */
export function plainRule(policy: ToolPolicy | null): LayerRule | null {
  if (policy === null) return null;
  const { path, allow, alsoAllow, deny } = policy;
  if (allow === null && alsoAllow === null && deny === null) return null;
  return {
    deny: present(deny),
    allow: present(allow, alsoAllow),
    allowsAll: !isLimit(allow),
    admit: (value) => ({ op: "add", path: [...path, "allow"], value }),
  };
}

/** Whether a list of allowed tools keeps any out: one that is empty does not. */
export function isLimit(list: ToolList | null): list is ToolList {
  return list !== null && list.entries.length > 0;
}

/** Those that are there. */
export function present(...lists: readonly (ToolList | null)[]): readonly ToolList[] {
  return lists.filter((list) => list !== null);
}

function firstEntry(lists: readonly ToolList[], tool: string) {
  for (const list of lists) {
    const [entry] = entriesFor(tool, list);
    if (entry !== undefined) return { list, entry };
  }
  return null;
}
