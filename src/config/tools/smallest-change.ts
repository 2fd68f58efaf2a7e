import { applyConfigEdits, type ConfigEdit } from "./config-edit.ts";
import { channelNames, knownTools } from "./known-tools.ts";
import { judgeLayer } from "./layer-rule.ts";
import { narrowestProfile } from "./profile-rule.ts";
import { type LayersRequest, readLayers } from "./read-layers.ts";
import { toolGroups } from "./tool-groups.ts";
import { entriesFor, type ToolEntry, type ToolList } from "./tool-list.ts";
import { canonicalToolName, coversTool } from "./tool-name.ts";

/**
 * The changes of a configuration with which every layer lets a tool through, and without any of which some layer does
 * not. Layers are freed one after another, each in the configuration that the changes before have made, since one
 * change may free several.
 */
export function findSmallestChange(request: LayersRequest, tool: string): readonly ConfigEdit[] {
  const edits: ConfigEdit[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const next = firstObstacle(request, edits, tool);
    if (next.length === 0) break;
    edits.push(...next);
  }
  return withoutSuperfluous(edits, request, tool);
}

/** Each round frees a layer, or makes a list of it readable. */
const mostRounds = 50;

/** What removes the first block that is left; nothing: there is none. */
function firstObstacle(
  request: LayersRequest,
  edits: readonly ConfigEdit[],
  tool: string,
): readonly ConfigEdit[] {
  const config = applyConfigEdits(request.config, edits);
  for (const { rule } of readLayers({ ...request, config })) {
    const verdict = rule === null ? null : judgeLayer(rule, tool);
    if (rule === null || verdict === null || verdict.passes) continue;
    const { list, entry } = verdict;
    if (list?.isReadable === false) return [repairOf(list, tool)];
    if (list === null || entry === null || !list.isWritten) return [rule.admit(tool)];
    return removalsFrom(list, tool);
  }
  return [];
}

/** A later change may have freed what an earlier one was made for. */
function withoutSuperfluous(
  edits: readonly ConfigEdit[],
  request: LayersRequest,
  tool: string,
): readonly ConfigEdit[] {
  return edits.reduce((left, edit) => {
    const others = left.filter((other) => other !== edit);
    return firstObstacle(request, others, tool).length === 0 ? others : left;
  }, edits);
}

/** What makes a list readable, with what can be read of it, and lets the tool in. */
function repairOf({ path, entries }: ToolList, tool: string): ConfigEdit {
  const names = entries.map(({ written }) => written);
  switch (path.at(-1)) {
    case "profile":
      return { op: "set", path, value: narrowestProfile(tool) };
    case "deny":
      return { op: "set", path, value: entries.filter(({ name }) => !coversTool(name, tool)).map(toWritten) };
    case "allow":
    case "alsoAllow":
      return { op: "set", path, value: [...names, tool] };
    default:
      // A place where lists belong, and something else stands.
      return { op: "set", path, value: {} };
  }
}

/** Takes every entry that means the tool out of a list; what else they mean stays in it. */
function removalsFrom(list: ToolList, tool: string): readonly ConfigEdit[] {
  const meant = entriesFor(tool, list);
  const others = list.entries.filter((entry) => !meant.includes(entry));
  const isKept = (name: string) => name !== tool && !others.some((other) => coversTool(other.name, name));
  return [...new Set(meant.map(toWritten))].map((value) => ({
    op: "remove",
    path: list.path,
    value,
    keep: membersOf(canonicalToolName(value)).filter(isKept),
  }));
}

/** The known tools that an entry means besides its own name. */
function membersOf(entry: string): readonly string[] {
  const group = toolGroups.get(entry);
  if (group !== undefined) return group;
  if (!entry.includes("*")) return [];
  return [...knownTools.map(({ name }) => name), ...channelNames].filter((name) => coversTool(entry, name));
}

function toWritten({ written }: ToolEntry): string {
  return written;
}
