import { quoteValue } from "../diagnostic/quote-value.ts";
import { type HeadNode, quoteNode } from "./head-node.ts";
import type { Reading } from "./reading.ts";
import type { SkillOs } from "./skill.ts";
import { type Piece, splitPieces } from "./split-pieces.ts";

const systems = new Map<string, SkillOs>([
  ["darwin", "darwin"],
  ["linux", "linux"],
  ["win32", "win32"],
]);

const otherNames = new Map<string, SkillOs | "every">([
  ["macos", "darwin"],
  ["mac", "darwin"],
  ["osx", "darwin"],
  ["os x", "darwin"],
  ["mac os", "darwin"],
  ["windows", "win32"],
  ["win", "win32"],
  ["win64", "win32"],
  ["debian", "linux"],
  ["ubuntu", "linux"],
  ["wsl", "linux"],
  ["wsl2", "linux"],
  ["all", "every"],
  ["any", "every"],
  ["*", "every"],
]);

/**
 * The systems that a skill or an install entry is for; empty means every system. Null if only names are left that the
 * format does not know, which is reported as `severity`: an empty list would mean the contrary.
 */
export function readOs(
  nodes: readonly HeadNode[],
  path: string,
  severity: "error" | "warning",
  reading: Reading,
): readonly SkillOs[] | null {
  const found = new Map<SkillOs, number>();
  let isEvery = false;
  const unknown: Piece[] = [];
  for (const system of nodes.flatMap((node) => listSystems(node, reading))) {
    const meant = systemNamed(system, reading);
    if (meant === undefined) unknown.push(system);
    else if (meant === "every") isEvery = true;
    else if (!found.has(meant)) found.set(meant, system.offset);
  }
  const isNoneKnown = unknown.length > 0 && found.size === 0 && !isEvery;
  for (const system of unknown) reportUnknown(system, isNoneKnown ? severity : "warning", reading);
  if (isNoneKnown) return null;
  if (isEvery) return [];
  for (const [index, offset] of [...found.values()].entries()) reading.note(`${path}.${index}`, offset);
  return [...found.keys()];
}

function reportUnknown({ name, offset }: Piece, severity: "error" | "warning", { findings }: Reading): void {
  findings[severity](
    "SKILL_OS_UNKNOWN",
    offset,
    `${quoteValue(name)} is no operating system that the format knows.`,
    'Known are "darwin", "linux" and "win32".',
  );
}

function listSystems(node: HeadNode, reading: Reading): Piece[] {
  if (node.type === "list") return node.items.flatMap((item) => listSystems(item, reading));
  if (node.type === "scalar" && node.value === null) return [];
  if (node.type === "scalar" && typeof node.value === "string")
    return splitPieces(node, reading.findings.text);
  return [{ name: quoteNode(node).slice(1, -1), offset: node.offset }];
}

function systemNamed({ name, offset }: Piece, { findings }: Reading): SkillOs | "every" | undefined {
  const exact = systems.get(name);
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  const meant = systems.get(lower) ?? otherNames.get(lower);
  if (meant === undefined) return undefined;
  findings.warning(
    "SKILL_OS_ALIAS",
    offset,
    `The system ${quoteValue(name)} was read as ${meant === "every" ? "every system" : `"${meant}"`}.`,
    meant === "every" ? 'Leave "os" out.' : `Write "${meant}".`,
  );
  return meant;
}
