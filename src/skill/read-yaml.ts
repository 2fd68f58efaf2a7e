import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { escapeText, quoteValue } from "../diagnostic/quote-value.ts";
import { deepestHead, reportDepth } from "./check-head-limits.ts";
import type { Findings } from "./findings.ts";
import {
  addEntry,
  emptyMap,
  type HeadList,
  type HeadMap,
  type HeadNode,
  type HeadScalar,
} from "./head-node.ts";
import { findJson5Fault, hasJson5Comment, readJson5, reportJson5 } from "./read-json5.ts";

export interface YamlFault {
  /** In the file. */
  readonly offset: number;
  /** One line, already escaped. */
  readonly message: string;
  /** The YAML parser's own name of the problem. */
  readonly code: string;
}

export interface YamlText {
  readonly document: Document.Parsed;
  readonly faults: readonly YamlFault[];
  readonly base: number;
}

/**
 * Parses YAML without turning it into values: no alias is followed, no tag resolved. `base` is the offset of its first
 * character in the file. Duplicate keys are left to {@link addEntry}: the library's own check is quadratic.
 */
export function parseYaml(source: string, base: number): YamlText {
  const document = parseWithoutOverflow(source);
  if (document === null) {
    const fault = { offset: base, message: "it is nested too deeply", code: "TOO_DEEP" };
    return { document: parseDocument(""), faults: [fault], base };
  }
  const faults = document.errors.map((error) => ({
    offset: base + Math.min(error.pos[0], source.length),
    message: escapeText(error.message.split("\n", 1)[0] ?? ""),
    code: error.code,
  }));
  return { document, faults, base };
}

/** The limits on heads leave ways to nest compact maps that this recursive parser has no stack for. */
function parseWithoutOverflow(source: string): Document.Parsed | null {
  try {
    return parseDocument(source, {
      schema: "core",
      uniqueKeys: false,
      prettyErrors: false,
      resolveKnownTags: false,
      logLevel: "error",
    });
  } catch (error) {
    if (error instanceof RangeError) return null; // the stack is full
    throw error;
  }
}

/** The nodes of a parsed text; anchors, aliases and tags are refused with an error each. */
export function yamlNodes(yaml: YamlText, findings: Findings): HeadNode {
  return convertNode(yaml.document.contents, yaml.base, { base: yaml.base, depth: 0, findings });
}

interface Conversion {
  readonly base: number;
  readonly depth: number;
  readonly findings: Findings;
}

/** `fallback` is the place of a value that is not there. */
function convertNode(node: Node | null, fallback: number, conversion: Conversion): HeadNode {
  if (node === null) return nothing(fallback);
  const { base, findings } = conversion;
  const offset = node.range ? base + node.range[0] : fallback;
  if (isAlias(node)) return refuseAlias(node.source, offset, findings);
  refuseDecorations(node, offset, findings);
  if (isScalar(node)) return convertScalar(node, offset);
  const json5 = isCollection(node) && node.flow ? readAsJson5(node, conversion) : null;
  if (json5 !== null) return json5;
  const inner = { ...conversion, depth: conversion.depth + 1 };
  if (inner.depth > deepestHead) {
    reportDepth(offset, findings);
    return nothing(offset);
  }
  if (isMap<Node | null, Node | null>(node)) return convertMap(node, offset, inner);
  return convertList(node as YAMLSeq<Node | null>, offset, inner);
}

/** Comments of JSON5 are words to YAML, which then become part of the next key. */
function readAsJson5(node: Node, { base, findings }: Conversion): HeadNode | null {
  const start = base + (node.range?.[0] ?? 0);
  const source = findings.text.slice(start, base + (node.range?.[1] ?? 0));
  if (!hasJson5Comment(source) || findJson5Fault(source) !== null) return null;
  reportJson5(start, findings);
  return readJson5(source, (index) => start + index, findings);
}

function convertMap(
  node: YAMLMap<Node | null, Node | null>,
  offset: number,
  conversion: Conversion,
): HeadMap {
  const map = emptyMap(offset);
  for (const pair of node.items) {
    const keyOffset = pair.key?.range ? conversion.base + pair.key.range[0] : offset;
    const key = convertNode(pair.key, keyOffset, conversion);
    const value = convertNode(pair.value, keyOffset, conversion);
    if (key.type === "scalar") addEntry(map, key.text, { keyOffset, value }, conversion.findings);
    else refuseKey(pair.key?.range?.[1], keyOffset, conversion);
  }
  return map;
}

function convertList(node: YAMLSeq<Node | null>, offset: number, conversion: Conversion): HeadList {
  return { type: "list", offset, items: node.items.map((item) => convertNode(item, offset, conversion)) };
}

function convertScalar(node: Scalar, offset: number): HeadScalar {
  const isQuoted = node.type !== "PLAIN";
  const { value } = node;
  if (value === null || typeof value === "number" || typeof value === "boolean") {
    return { type: "scalar", offset, value, text: node.source ?? "", isQuoted };
  }
  const text = String(value);
  return { type: "scalar", offset, value: text, text, isQuoted };
}

function nothing(offset: number): HeadScalar {
  return { type: "scalar", offset, value: null, text: "", isQuoted: false };
}

function refuseAlias(name: string, offset: number, findings: Findings): HeadScalar {
  findings.error(
    "SKILL_YAML_ALIAS",
    offset,
    `The alias ${quoteValue(`*${name}`)} is refused: copies of other parts can grow without bound.`,
    "Write the value out, or put it in quotes if the asterisk belongs to it.",
  );
  return nothing(offset);
}

function refuseDecorations(node: Node, offset: number, findings: Findings): void {
  const { anchor, tag } = node as Node & { anchor?: string; tag?: string };
  if (anchor !== undefined) {
    findings.error(
      "SKILL_YAML_ALIAS",
      startOfDecoration(findings.text, `&${anchor}`, offset),
      `The anchor ${quoteValue(`&${anchor}`)} is refused: copies of other parts can grow without bound.`,
      "Remove it, or put the value in quotes if the ampersand belongs to it.",
    );
  }
  if (tag !== undefined) {
    const written = tag.replace(/^tag:yaml\.org,2002:/, "!!");
    findings.error(
      "SKILL_YAML_TAG",
      startOfDecoration(findings.text, written, offset),
      `The tag ${quoteValue(written)} is refused: a skill's head has plain values only.`,
      "Remove it, or put the value in quotes if the exclamation mark belongs to it.",
    );
  }
}

/** The library gives the place of the value; what decorates it stands shortly before. */
function startOfDecoration(text: string, written: string, offset: number): number {
  const start = text.lastIndexOf(written, offset);
  return start === -1 ? offset : start;
}

function refuseKey(end: number | undefined, offset: number, { base, findings }: Conversion): void {
  const source = findings.text.slice(offset, base + (end ?? 0));
  findings.error(
    "SKILL_KEY_INVALID",
    offset,
    `${quoteValue(source)} stands where a key was expected; what it says cannot be used.`,
    'Write "key: value", with a plain word as the key.',
  );
}

export function reportYamlFault(fault: YamlFault, findings: Findings): null {
  findings.error(
    "SKILL_YAML_INVALID",
    fault.offset,
    `The head cannot be read as YAML: ${fault.message}.`.replace(/[.:]+$/, "."),
    "Put texts in quotes, indent with spaces, and close every bracket and quote.",
  );
  return null;
}
