import type { Findings } from "./findings.ts";
import { addEntry, emptyMap, type HeadMap, type HeadNode, type HeadScalar } from "./head-node.ts";
import { type PlainMap, type PlainValue, readPlainBlock } from "./plain-block.ts";
import { readJson5 } from "./read-json5.ts";

/**
 * Reads a head whose values need no YAML parser: words, numbers, simple quotes, one line of JSON, and maps, lists and
 * blocks of such. Nearly all heads are like that, and this takes a twentieth of the parser's time. Null for any other head, also
 * for any doubt; what it reads, it reads exactly as {@link parseYaml} would (a test compares the two).
 */
export function readPlainHead(start: number, end: number, findings: Findings): HeadMap | null {
  const map = readPlainBlock(findings.text, start, end);
  return map === null ? null : toMap(map, findings);
}

function toMap({ offset, entries }: PlainMap, findings: Findings): HeadMap {
  const map = emptyMap(offset);
  for (const { key, keyOffset, value } of entries) {
    addEntry(map, key, { keyOffset, value: toNode(value, findings) }, findings);
  }
  return map;
}

function toNode(value: PlainValue, findings: Findings): HeadNode {
  const { offset } = value;
  switch (value.kind) {
    case "map":
      return toMap(value, findings);
    case "list":
      return { type: "list", offset, items: value.items.map((item) => toNode(item, findings)) };
    case "json":
      return readJson5(value.text, (index) => offset + index, findings);
    case "words":
      return { type: "list", offset, items: toWords(value.text, offset) };
    case "typed":
      return { type: "scalar", offset, value: JSON.parse(value.text), text: value.text, isQuoted: false };
    case "plain":
    case "quoted":
      return toScalar(value.text, offset, value.kind === "quoted");
  }
}

function toWords(text: string, offset: number): HeadScalar[] {
  return [...text.matchAll(/[^[\], ]+/g)].map((word) => toScalar(word[0], offset + word.index, false));
}

function toScalar(text: string, offset: number, isQuoted: boolean): HeadScalar {
  return { type: "scalar", offset, value: text, text, isQuoted };
}
