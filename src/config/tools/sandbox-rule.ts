import { asObject } from "../../skill/own-value.ts";
import { valueAt } from "../session/key-path.ts";
import { lowerCase } from "../session/lower-case.ts";
import { channelNames } from "./known-tools.ts";
import { isLimit, type LayerRule, present } from "./layer-rule.ts";
import { sandboxDefaultAllow, sandboxDefaultDeny, subagentDefaultDeny } from "./tool-groups.ts";
import { defaultToolList, type ToolList, type ToolPolicy } from "./tool-list.ts";
import { coversTool } from "./tool-name.ts";

/**
 * The clamp on sandboxed sessions. Each list comes from the agent, else from all agents, else it is the default one.
 * An empty list is a list: it allows all, or denies nothing.
 */
export function sandboxRule(config: unknown, own: ToolPolicy | null, base: ToolPolicy): LayerRule {
  const allow = own?.allow ?? base.allow;
  const alsoAllow = own?.alsoAllow ?? base.alsoAllow;
  const deny = own?.deny ?? base.deny;
  const { path } = base;
  const defaults = allow === null ? defaultToolList(sandboxDefaultAllow, [...path, "allow"]) : null;
  const always = isLimit(allow) ? defaultToolList(["image"], allow.path) : null;
  return {
    deny: [deny ?? liftedDeny([...sandboxDefaultDeny, ...channelsOf(config)], base, [allow, alsoAllow])],
    allow: present(allow, defaults, alsoAllow, always),
    allowsAll: allow !== null && !isLimit(allow),
    admit: admitter(allow, alsoAllow, own ?? base),
  };
}

/** What subagents may not, and what is configured for them on top. */
export function subagentRule(base: ToolPolicy): LayerRule {
  const { allow, alsoAllow, deny } = base;
  return {
    deny: present(deny, liftedDeny(subagentDefaultDeny, base, [allow, alsoAllow])),
    allow: present(allow, alsoAllow),
    allowsAll: !isLimit(allow),
    admit: admitter(allow, alsoAllow, base),
  };
}

/** A default list of denied tools, without those that somebody has allowed in so many words. */
function liftedDeny(
  names: readonly string[],
  { path }: ToolPolicy,
  allowed: readonly (ToolList | null)[],
): ToolList {
  const entries = present(...allowed).flatMap((list) => list.entries);
  const left = names.filter((name) => !entries.some((entry) => coversTool(entry.name, name)));
  return defaultToolList(left, [...path, "deny"]);
}

/** A tool's way in: the list that keeps others out, else the one that adds to the default, made where it is missing. */
function admitter(
  allow: ToolList | null,
  alsoAllow: ToolList | null,
  target: ToolPolicy,
): LayerRule["admit"] {
  const path = isLimit(allow) ? allow.path : (alsoAllow?.path ?? [...target.path, "alsoAllow"]);
  return (value) => ({ op: "add", path, value });
}

/** Names of all channels: those that gateways come with, and those that this one has. */
function channelsOf(config: unknown): readonly string[] {
  const configured = Object.keys(asObject(valueAt(config, ["channels"])) ?? {}).map(lowerCase);
  return [...new Set([...channelNames, ...configured])];
}
