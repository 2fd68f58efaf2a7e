import { createFindings } from "../skill/findings.ts";
import type { HeadList, HeadMap, HeadNode } from "../skill/head-node.ts";
import { nodeAt } from "../skill/node-at.ts";
import { readJson5 } from "../skill/read-json5.ts";
import { endOfNode } from "./json5-spans.ts";
import type { WrittenOverlay } from "./overlay-schema.ts";

type Requires = NonNullable<NonNullable<WrittenOverlay["skills"]>[string]["requires"]>;

/** What is added to the requirements of one skill. */
export type AddedRequires = Pick<Requires, "bins" | "python" | "node">;

/**
 * The text of an overlay with further requirements of skills: at the end of the lists that are there, else in new ones.
 * Everything else stays as it is, comments included. `text` is an overlay without errors; the names are no patterns.
 */
export function addToOverlay(text: string, added: ReadonlyMap<string, AddedRequires>): string {
  const tree = readJson5(text, (index) => index, createFindings("", text));
  const insertions: Insertion[] = [];
  const missing: string[] = [];
  for (const [name, requires] of added) {
    const correction = nodeAt(tree, ["skills", name]);
    if (correction?.type !== "map") missing.push(entryOf(name, { requires }));
    else insertions.push(...intoCorrection(text, correction, requires));
  }
  if (missing.length > 0) insertions.push(intoSkills(text, tree, missing));
  return insert(text, insertions);
}

interface Insertion {
  readonly offset: number;
  readonly text: string;
}

function intoSkills(text: string, tree: HeadNode, entries: readonly string[]): Insertion {
  const skills = nodeAt(tree, ["skills"]);
  if (skills?.type === "map") return intoMap(text, skills, entries);
  const whole = `skills: {\n${indented(entries.map((entry) => `${entry},`).join("\n"))}\n}`;
  return intoMap(text, mapOf(tree), [whole]);
}

function intoCorrection(text: string, correction: HeadMap, added: AddedRequires): Insertion[] {
  const requires = nodeAt(correction, ["requires"]);
  if (requires?.type !== "map") return [intoMap(text, correction, [entryOf("requires", added)])];
  const insertions: Insertion[] = [];
  const missing: string[] = [];
  for (const [key, items = []] of Object.entries(added)) {
    const list = nodeAt(requires, [key]);
    if (list?.type === "list") insertions.push(intoList(text, list, items.map(textOf)));
    else missing.push(entryOf(key, items));
  }
  return missing.length > 0 ? [...insertions, intoMap(text, requires, missing)] : insertions;
}

/** After the last item; a comma that follows it then follows the new ones. */
function intoList(text: string, list: HeadList, items: readonly string[]): Insertion {
  const last = list.items.at(-1);
  if (last === undefined) return { offset: list.offset + 1, text: items.join(", ") };
  return { offset: endOfNode(text, last), text: items.map((item) => `, ${item}`).join("") };
}

/** After the last entry, each on a line of its own; in an empty map before what comments it holds. */
function intoMap(text: string, map: HeadMap, entries: readonly string[]): Insertion {
  const last = [...map.entries.values()].at(-1);
  const around = indentAt(text, map.offset);
  if (last === undefined) {
    const lines = entries.map((entry) => `${indented(entry, `${around}  `)},`).join("\n");
    closing.lastIndex = map.offset + 1;
    return { offset: map.offset + 1, text: `\n${lines}${closing.test(text) ? `\n${around}` : ""}` };
  }
  const indent = startsLine(text, last.keyOffset) ? indentAt(text, last.keyOffset) : `${around}  `;
  const lines = entries.map((entry) => `,\n${indented(entry, indent)}`).join("");
  return { offset: endOfNode(text, last.value), text: lines };
}

/** The brace that closes an empty map on the line that opens it. */
const closing = /[ \t]*\}/y;

function mapOf(tree: HeadNode): HeadMap {
  if (tree.type === "map") return tree;
  throw new RangeError("an overlay that is no map");
}

/** The blanks with which the line of an offset begins. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

function startsLine(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset).trim() === "";
}

function indented(text: string, indent = "  "): string {
  return text.replace(/^(?=.)/gm, indent);
}

/** `key: value`, maps over several lines and lists on one. */
function entryOf(key: string, value: unknown): string {
  return `${isPlainKey(key) ? key : JSON.stringify(key)}: ${textOf(value)}`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return isNeed(value)
    ? inline(value)
    : `{\n${Object.entries(value)
        .map(([key, inner]) => `${indented(entryOf(key, inner))},`)
        .join("\n")}\n}`;
}

function isNeed(value: object): boolean {
  return "import" in value;
}

function inline(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${JSON.stringify(inner)}`);
  return `{ ${entries.join(", ")} }`;
}

function isPlainKey(key: string): boolean {
  return key === "requires" || key === "bins" || key === "python" || key === "node";
}

function insert(text: string, insertions: readonly Insertion[]): string {
  return [...insertions]
    .sort((left, right) => right.offset - left.offset)
    .reduce(
      (result, { offset, text: added }) => result.slice(0, offset) + added + result.slice(offset),
      text,
    );
}
