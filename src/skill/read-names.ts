import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeNode, type HeadMap, type HeadNode, type HeadScalar, quoteNode } from "./head-node.ts";
import type { NameGrammar } from "./name-grammars.ts";
import type { Reading } from "./reading.ts";
import { type Piece, splitPieces } from "./split-pieces.ts";

const longestList = 256;

/**
 * A list of names: an array or one comma-separated string. Each name is in the result or in an error that shows it;
 * repetitions are dropped. Places are noted under `path`.
 */
export function readNames(
  nodes: readonly HeadNode[],
  grammar: NameGrammar,
  path: string,
  reading: Reading,
): readonly string[] {
  const names = new Set<string>();
  for (const node of nodes) {
    const written = listNames(node, grammar, reading);
    if (written.length > longestList) {
      reportTooLong(node, written.length, grammar, reading);
      continue;
    }
    for (const { name, offset } of written) {
      if (names.has(name) || !isName(name, offset, grammar, reading)) continue;
      reading.note(`${path}.${names.size}`, offset);
      names.add(name);
    }
  }
  return [...names];
}

function listNames(node: HeadNode, grammar: NameGrammar, reading: Reading): Piece[] {
  switch (node.type) {
    case "list":
      return node.items.flatMap((item) => itemNames(item, grammar, reading));
    case "map":
      return mapNames(node, grammar, reading);
    case "scalar":
      if (node.value === null || node.text.trim() === "") return reportEmpty(node, grammar, reading);
      return typeof node.value === "string"
        ? splitPieces(node, reading.findings.text)
        : reportNoName(node, grammar, reading);
  }
}

function itemNames(item: HeadNode, grammar: NameGrammar, reading: Reading): Piece[] {
  if (item.type === "map" && grammar.field === "env") return variableNames(item, grammar, reading);
  if (item.type !== "scalar") return reportNoName(item, grammar, reading);
  if (item.value === null) return reportEmpty(item, grammar, reading);
  if (typeof item.value !== "string") return reportNoName(item, grammar, reading);
  if (!item.value.includes(",")) return [trimName(item.value, item.offset, reading)];
  reading.findings.warning(
    "SKILL_LIST_JOINED",
    item.offset,
    `${quoteNode(item)} is one entry of a list, and was read as several.`,
    "Write each name as an entry of its own.",
  );
  return splitPieces(item, reading.findings.text);
}

function trimName(value: string, offset: number, { findings }: Reading): Piece {
  const name = value.trim();
  if (name !== value && name !== "") {
    findings.warning(
      "SKILL_VALUE_TRIMMED",
      offset,
      `Spaces around ${quoteValue(value)} were removed.`,
      `Write ${quoteValue(name)}.`,
    );
  }
  return { name, offset };
}

/** `env` as a map from names to what they are for: those that are optional or have a default are not required. */
function mapNames(map: HeadMap, grammar: NameGrammar, reading: Reading): Piece[] {
  if (grammar.field !== "env" || map.entries.size === 0) return reportNoName(map, grammar, reading);
  reportShape(map, reading);
  return [...map.entries].flatMap(([name, entry]) => {
    const isRequired = entry.value.type !== "map" || isRequiredVariable(entry.value);
    return isRequired ? [{ name, offset: entry.keyOffset }] : reportOptional(name, entry.keyOffset, reading);
  });
}

/** An item of `env` as a map with a `name`. */
function variableNames(item: HeadMap, grammar: NameGrammar, reading: Reading): Piece[] {
  const name = item.entries.get("name")?.value;
  if (name?.type !== "scalar" || typeof name.value !== "string") return reportNoName(item, grammar, reading);
  reportShape(item, reading);
  if (isRequiredVariable(item)) return [trimName(name.value, name.offset, reading)];
  return reportOptional(name.value, name.offset, reading);
}

function isRequiredVariable(map: HeadMap): boolean {
  const flag = (key: string): unknown => {
    const value = map.entries.get(key)?.value;
    return value?.type === "scalar" ? value.value : undefined;
  };
  if (flag("required") !== undefined) return flag("required") !== false;
  return flag("optional") !== true && !map.entries.has("default");
}

function isName(name: string, offset: number, grammar: NameGrammar, { findings }: Reading): boolean {
  if (grammar.pattern.test(name)) return true;
  findings.error(
    grammar.code,
    offset,
    `${quoteValue(name)} is not the name of ${grammar.noun}.`,
    grammar.hint,
  );
  return false;
}

function reportNoName(node: HeadNode, grammar: NameGrammar, { findings }: Reading): [] {
  findings.error(
    grammar.code,
    node.offset,
    `${quoteNode(node)} is ${describeNode(node)}, not the name of ${grammar.noun}.`,
    grammar.hint,
  );
  return [];
}

function reportEmpty(node: HeadScalar, grammar: NameGrammar, { findings }: Reading): [] {
  findings.warning(
    "SKILL_LIST_EMPTY",
    node.offset,
    `"${grammar.field}" has no value here; nothing was read from it.`,
    `Write the name of ${grammar.noun}, or remove the entry.`,
  );
  return [];
}

function reportShape(map: HeadMap, { findings }: Reading): void {
  findings.warning(
    "SKILL_LIST_SHAPE",
    map.offset,
    "Variables are described by objects here; their names were read.",
    'Write a list of plain names under "env".',
  );
}

function reportOptional(name: string, offset: number, { findings }: Reading): [] {
  findings.info(
    "SKILL_ENV_OPTIONAL",
    offset,
    `The variable ${quoteValue(name)} is optional and was not made a requirement.`,
    "Nothing to do.",
  );
  return [];
}

function reportTooLong(node: HeadNode, length: number, grammar: NameGrammar, { findings }: Reading): void {
  findings.error(
    "SKILL_LIST_TOO_LONG",
    node.offset,
    `"${grammar.field}" has ${length} entries; at most ${longestList} are read: ${quoteNode(node)}.`,
    "List what the skill itself needs.",
  );
}
