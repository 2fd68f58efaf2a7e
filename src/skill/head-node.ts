import { quoteValue } from "../diagnostic/quote-value.ts";
import type { Findings } from "./findings.ts";

/** What a head says, whichever reader read it; every part knows its offset in the file's text. */
export type HeadNode = HeadMap | HeadList | HeadScalar;

export interface HeadMap {
  readonly type: "map";
  readonly offset: number;
  readonly entries: Map<string, HeadEntry>;
}

export interface HeadEntry {
  readonly keyOffset: number;
  value: HeadNode;
}

export interface HeadList {
  readonly type: "list";
  readonly offset: number;
  readonly items: HeadNode[];
}

export interface HeadScalar {
  readonly type: "scalar";
  /** Of the first character, a quote included. */
  readonly offset: number;
  readonly value: string | number | boolean | null;
  /** The characters as written, for a number, a truth value or null; else the value itself. */
  readonly text: string;
  /** Written in quotes or as a block: certainly meant as text. */
  readonly isQuoted: boolean;
}

export function emptyMap(offset: number): HeadMap {
  return { type: "map", offset, entries: new Map() };
}

/** Adds an entry, or joins it with an earlier one of the same key; refuses keys that reach into prototypes. */
export function addEntry(map: HeadMap, key: string, entry: HeadEntry, findings: Findings): void {
  if (forbiddenKeys.has(key)) {
    findings.error(
      "SKILL_KEY_FORBIDDEN",
      entry.keyOffset,
      `The key ${quoteValue(key)} would reach into JavaScript's own objects.`,
      "Remove the key or give it another name.",
    );
    return;
  }
  const earlier = map.entries.get(key);
  if (earlier === undefined) {
    map.entries.set(key, entry);
    return;
  }
  findings.warning(
    "SKILL_KEY_DUPLICATE",
    entry.keyOffset,
    `The key ${quoteValue(key)} stands here a second time; ${outcomeOfJoining(earlier.value, entry.value)}.`,
    "Keep one of the two.",
  );
  earlier.value = joinValues(earlier.value, entry.value, findings);
}

const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

function outcomeOfJoining(earlier: HeadNode, later: HeadNode): string {
  if (earlier.type === later.type && earlier.type !== "scalar") return `both ${earlier.type}s were joined`;
  return `this value counts, not ${quoteValue(toJson(earlier))}`;
}

function joinValues(earlier: HeadNode, later: HeadNode, findings: Findings): HeadNode {
  if (earlier.type === "list" && later.type === "list") {
    for (const item of later.items) earlier.items.push(item);
    return earlier;
  }
  if (earlier.type === "map" && later.type === "map") {
    for (const [key, entry] of later.entries) addEntry(earlier, key, entry, findings);
    return earlier;
  }
  return later;
}

/** The plain JSON value of a node. */
export function toJson(node: HeadNode): unknown {
  switch (node.type) {
    case "map":
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toJson(entry.value)]));
    case "list":
      return node.items.map(toJson);
    case "scalar":
      return typeof node.value === "number" && !Number.isFinite(node.value) ? node.text : node.value;
  }
}

/** A node as it may appear in a message. */
export function quoteNode(node: HeadNode): string {
  return node.type === "scalar" ? quoteValue(node.text) : quoteValue(toJson(node));
}

/** What a node is, in words. */
export function describeNode(node: HeadNode): string {
  if (node.type !== "scalar") return `a ${node.type}`;
  if (node.value === null) return "nothing";
  return typeof node.value === "string" ? "a text" : `a ${typeof node.value}`;
}
