import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { asObject } from "../../skill/own-value.ts";
import { nearestName } from "../nearest-name.ts";
import { type Problem, problemAt } from "../problem.ts";
import { type KeyPath, type PlaceOf, placeless, valueAt } from "../session/key-path.ts";
import { channelNames, knownTools } from "./known-tools.ts";
import { isLimit, present } from "./layer-rule.ts";
import { listToolPolicies } from "./list-tool-policies.ts";
import { toolGroups, toolProfiles } from "./tool-groups.ts";
import type { ToolEntry, ToolList, ToolPolicy } from "./tool-list.ts";
import { canonicalToolName } from "./tool-name.ts";

/**
 * What is wrong with the lists of tools in a configuration, whichever sessions they are for: lists that are none, names
 * that look mistyped, groups and profiles that do not exist. A name that is like no known one may be a plugin's.
 */
export function checkToolLists(config: unknown, placeOf: PlaceOf = placeless): readonly Diagnostic[] {
  const policies = listToolPolicies(config);
  const findings = [
    ...policies.flatMap((policy) => findingsIn(policy, config)),
    ...unknownEntries(policies, knownNames(config)),
  ];
  return findings.map(([path, problem]) => problemAt(path, placeOf(path), problem));
}

type Finding = readonly [KeyPath, Problem];

function findingsIn(policy: ToolPolicy, config: unknown): readonly Finding[] {
  const { allow, alsoAllow } = policy;
  const unreadable = listsOf(policy).filter(({ isReadable }) => !isReadable);
  return [
    ...checkProfile(policy),
    ...unreadable.map(({ path }) => [path, shapeProblem(path, valueAt(config, path))] as const),
    ...(isLimit(allow) && isLimit(alsoAllow) ? [[alsoAllow.path, bothLists] as const] : []),
  ];
}

function listsOf({ allow, alsoAllow, deny }: ToolPolicy): readonly ToolList[] {
  return present(allow, alsoAllow, deny);
}

/** Looked at are so many that no configuration takes long: near names cost a comparison with each known one. */
function unknownEntries(policies: readonly ToolPolicy[], names: readonly string[]): readonly Finding[] {
  const lists = policies.flatMap(listsOf).filter(({ isReadable }) => isReadable);
  const known = new Set([...names, ...toolGroups.keys()]);
  return lists
    .flatMap(({ path, entries }) => entries.map((entry) => ({ path: [...path, entry.index], entry })))
    .filter(({ entry: { name } }) => !known.has(name) && !name.includes("*"))
    .slice(0, mostUnknown)
    .flatMap(({ path, entry }): readonly Finding[] => {
      const problem = entry.name.startsWith(groupPrefix) ? groupProblem(entry) : nameProblem(entry, names);
      return problem === null ? [] : [[path, problem]];
    });
}

const mostUnknown = 1000;
const groupPrefix = "group:";

const bothLists: Problem = {
  code: "TOOL_LISTS_EXCLUSIVE",
  severity: "warning",
  what: 'stands beside "allow"; newer gateways refuse the two in one place',
  hint: 'Move its entries into "allow".',
};

function checkProfile({ profile, path }: ToolPolicy): readonly Finding[] {
  if (profile === null || (typeof profile === "string" && toolProfiles.has(profile))) return [];
  const known = [...toolProfiles.keys()];
  const near = typeof profile === "string" ? nearestName(profile, known) : null;
  const problem: Problem = {
    code: "TOOL_PROFILE_UNKNOWN",
    severity: "error",
    what: `is ${quoteValue(profile)}, which is no profile; it lets nothing through`,
    hint: suggestion(near, known),
  };
  return [[[...path, "profile"], problem]];
}

function shapeProblem(path: KeyPath, value: unknown): Problem {
  const isList = ["allow", "alsoAllow", "deny"].includes(String(path.at(-1)));
  return {
    code: "TOOL_LIST_SHAPE",
    severity: "error",
    what: `is ${quoteValue(value)}, and not ${isList ? "a list of tools' names" : "a map of lists"}; it lets nothing through`,
    hint: isList
      ? 'Write a list of texts: ["exec", "group:fs"].'
      : 'Write a map: { "allow": [], "deny": [] }.',
  };
}

function groupProblem({ name, written }: ToolEntry): Problem {
  const known = [...toolGroups.keys()];
  const near = nearestName(withoutPrefix(name), known.map(withoutPrefix));
  return {
    code: "TOOL_GROUP_UNKNOWN",
    severity: "warning",
    what: `is ${quoteValue(written)}; there is no such group, and the entry means no tool`,
    hint: suggestion(near === null ? null : `${groupPrefix}${near}`, known),
  };
}

function withoutPrefix(name: string): string {
  return name.slice(groupPrefix.length);
}

function nameProblem({ name, written }: ToolEntry, names: readonly string[]): Problem | null {
  const near = nearestName(name, names);
  if (near === null) return null;
  return {
    code: "TOOL_NAME_UNKNOWN",
    severity: "warning",
    what: `is ${quoteValue(written)}; there is no such tool, unless a plugin has one`,
    hint: suggestion(near, names),
  };
}

function suggestion(near: string | null, known: readonly string[]): string {
  return near === null ? `Write one of: ${known.join(", ")}.` : `Did you mean ${quoteValue(near)}?`;
}

function knownNames(config: unknown): readonly string[] {
  const channels = Object.keys(asObject(valueAt(config, ["channels"])) ?? {}).map(canonicalToolName);
  return [...new Set([...knownTools.map(({ name }) => name), ...channelNames, ...channels])];
}
