import type { ConfigEdit } from "./config-edit.ts";
import { isLimit, type LayerRule, present } from "./layer-rule.ts";
import { toolProfiles } from "./tool-groups.ts";
import { defaultToolList, type ToolList, type ToolPolicy } from "./tool-list.ts";
import { coversTool } from "./tool-name.ts";

/**
 * The rule of a profile, the agent's own before that of all; null: there is none. `alsoAllow` adds to a profile, the
 * agent's list instead of that of all. A profile that does not exist lets nothing through.
 */
export function profileRule(own: ToolPolicy | null, base: ToolPolicy | null): LayerRule | null {
  const from = [own, base].find((policy) => policy !== null && policy.profile !== null) ?? null;
  if (from === null) return null;
  const path = [...from.path, "profile"];
  const names = typeof from.profile === "string" ? toolProfiles.get(from.profile) : undefined;
  const list: ToolList = { ...defaultToolList(names ?? [], path), isReadable: names !== undefined };
  const extra = own?.alsoAllow ?? base?.alsoAllow ?? null;
  return {
    deny: [],
    allow: present(list, extra),
    allowsAll: names === null,
    admit(tool): ConfigEdit {
      if (names === undefined) return { op: "set", path, value: narrowestProfile(tool) };
      if (extra !== null) return { op: "add", path: extra.path, value: tool };
      const target = own ?? from;
      // Gateways refuse both lists in one place.
      if (isLimit(target.allow)) return { op: "set", path, value: narrowestProfile(tool) };
      return { op: "add", path: [...target.path, "alsoAllow"], value: tool };
    },
  };
}

/** The one with the fewest tools that has this one. */
export function narrowestProfile(tool: string): string {
  const fits = [...toolProfiles].find(([, names]) => names?.some((name) => coversTool(name, tool)) ?? true);
  return fits?.[0] ?? "full";
}
