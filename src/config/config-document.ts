import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { createFindings } from "../skill/findings.ts";
import { emptyMap, type HeadEntry, type HeadMap, type HeadNode, toJson } from "../skill/head-node.ts";
import { keyOffsetAt, nodeAt } from "../skill/node-at.ts";
import { findJson5Fault, readJson5Entries } from "../skill/read-json5.ts";
import { longestConfigText } from "./longest-config-text.ts";
import { normaliseAgentId } from "./session/agent-id.ts";
import { listAgents } from "./session/configured-agents.ts";
import { type KeyPath, valueAt } from "./session/key-path.ts";

/** What a configuration does not say of itself. */
export interface ConfigGround {
  /** Absolute. */
  readonly file: string;
  /** The gateway's state folder, absolute. */
  readonly stateDir: string;
  /** What `~` stands for, absolute. */
  readonly homeDir: string;
}

/** A gateway's whole configuration. Tokens in it show neither in `inspect` nor in `JSON.stringify` of this value. */
export interface ConfigDocument extends ConfigGround {
  /** Plain JSON; `undefined` where nothing is. Not a number (`NaN`) comes as a text. */
  valueAt(path: KeyPath): unknown;
  /** Of an agent's settings, by its id; null: the configuration does not name it. */
  pathOfAgent(id: string): KeyPath | null;
  /** Of the value; null where nothing is, or where the configuration came without its text. */
  placeOf(path: KeyPath): Place | null;
  /** Of the key before the value. */
  placeOfKey(path: KeyPath): Place | null;
  /** Keys that stand twice in the map at this path, each time but the first; a hundred at most. */
  repeatedKeys(path: KeyPath): readonly { readonly key: string; readonly place: Place }[];
}

export interface ParsedConfigDocument {
  /** Without a key where the text cannot be read. */
  readonly document: ConfigDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The text of a configuration (JSON5) → a document that knows the place of each value. Of a key that stands twice the
 * last counts, as in the gateway.
 */
export function parseConfigDocument(text: string, ground: ConfigGround): ParsedConfigDocument {
  const findings = createFindings(ground.file, text.replace(/^\ufeff/, ""));
  const repeated = new Map<HeadMap, { readonly key: string; readonly offset: number }[]>();
  const add = (map: HeadMap, key: string, entry: HeadEntry) => {
    if (map.entries.has(key)) {
      const others = repeated.get(map) ?? [];
      if (others.length < mostRepeated) others.push({ key, offset: entry.keyOffset });
      repeated.set(map, others);
    }
    map.entries.set(key, entry);
  };
  const unreadable = (offset: number, why: string) =>
    findings.error(
      "GATEWAY_CONFIG_UNREADABLE",
      offset,
      `The gateway's configuration ${quoteValue(ground.file)} is not used: ${why}.`,
      "Correct the file; the gateway itself cannot read it either.",
    );
  const tree = readTree(findings.text, add, unreadable);
  const value = toJson(tree);
  const place = (offset: number | null | undefined): Place | null =>
    offset === null || offset === undefined ? null : findings.placeAt(offset);
  const document: ConfigDocument = {
    ...valuesOf(value, ground),
    placeOf: (path) => place(nodeAt(tree, path)?.offset),
    placeOfKey: (path) => place(keyOffsetAt(tree, path)),
    repeatedKeys: (path) => {
      const node = nodeAt(tree, path);
      const keys = node?.type === "map" ? (repeated.get(node) ?? []) : [];
      return keys.map(({ key, offset }) => ({ key, place: findings.placeAt(offset) }));
    },
  };
  return { document, diagnostics: findings.list() };
}

/** A configuration that a gateway has in memory: without places. */
export function configDocumentOf(value: unknown, ground: ConfigGround): ConfigDocument {
  return { ...valuesOf(value, ground), placeOf: () => null, placeOfKey: () => null, repeatedKeys: () => [] };
}

/** What needs no text. */
function valuesOf(value: unknown, ground: ConfigGround) {
  const agents = new Map(listAgents(value).map(({ id, path }) => [id, path]));
  return {
    ...ground,
    valueAt: (path: KeyPath) => valueAt(value, path),
    pathOfAgent: (id: string) => agents.get(normaliseAgentId(id)) ?? null,
  };
}

function readTree(
  text: string,
  add: (map: HeadMap, key: string, entry: HeadEntry) => void,
  unreadable: (offset: number, why: string) => void,
): HeadNode {
  if (text.length > longestConfigText) {
    unreadable(0, `it is longer than ${longestConfigText} characters`);
    return emptyMap(0);
  }
  try {
    // json5's own words may hold a piece of a secret.
    const fault = findJson5Fault(text);
    if (fault !== null) unreadable(fault.index, "it is not JSON5");
    else {
      const tree = readJson5Entries(text, (index) => index, add);
      if (!isDeeperThan(tree, mostLevels)) return tree;
      unreadable(0, "it is nested too deeply");
    }
  } catch (error) {
    // The reader calls itself for each level.
    if (!(error instanceof RangeError)) throw error;
    unreadable(0, "it is nested too deeply");
  }
  return emptyMap(0);
}

const mostLevels = 200;
const mostRepeated = 100;

function isDeeperThan(tree: HeadNode, limit: number): boolean {
  let level: readonly HeadNode[] = [tree];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap(childrenOf);
  }
  return false;
}

function childrenOf(node: HeadNode): readonly HeadNode[] {
  if (node.type === "list") return node.items;
  return node.type === "map" ? [...node.entries.values()].map(({ value }) => value) : [];
}
