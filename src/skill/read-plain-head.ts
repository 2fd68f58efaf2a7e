import type { Findings } from "./findings.ts";
import { headLines } from "./head-lines.ts";
import { addEntry, emptyMap, type HeadMap, type HeadNode, type HeadScalar } from "./head-node.ts";
import { readJson5 } from "./read-json5.ts";

/**
 * Reads a head that holds nothing but `key: value` lines whose values need no YAML parser: plain words, simple quotes,
 * one line of JSON. Most heads are like that, and this takes a twentieth of the parser's time. Null for any other
 * head, also for any doubt; what it reads, it reads exactly as {@link parseYaml} would (a test compares the two).
 */
export function readPlainHead(start: number, end: number, findings: Findings): HeadMap | null {
  const parts: PlainEntry[] = [];
  const keys = new Set<string>();
  for (const line of headLines(findings.text, start, end)) {
    if (line.text === "" || line.text.startsWith("#")) continue;
    const match = plainLine.exec(line.text);
    const [, key = "", gap = "", value = ""] = match ?? [];
    const kind = match === null || keys.has(key) ? null : kindOf(value);
    if (kind === null) return null;
    keys.add(key);
    parts.push({ key, keyOffset: line.start, value, kind, offset: line.start + key.length + 1 + gap.length });
  }
  if (parts.length === 0) return null;
  const map = emptyMap(parts[0]?.keyOffset ?? start);
  for (const part of parts) {
    addEntry(map, part.key, { keyOffset: part.keyOffset, value: readPart(part, findings) }, findings);
  }
  return map;
}

interface PlainEntry {
  readonly key: string;
  readonly keyOffset: number;
  readonly value: string;
  readonly offset: number;
  readonly kind: "plain" | "quoted" | "json";
}

const plainLine = /^([A-Za-z_][\w-]*):( +)(\S.*?)[ \t]*$/;

function kindOf(value: string): PlainEntry["kind"] | null {
  switch (value[0]) {
    case "{":
    case "[":
      return isJson(value) ? "json" : null;
    case '"':
      return isJson(value) ? "quoted" : null;
    default:
      return plainText.test(value) && !typedText.test(value) ? "plain" : null;
  }
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error; // what JSON.parse throws on anything else
    return false;
  }
}

// Begins with no character that means something to YAML, and holds neither ": " nor " #".
const plainText = /^[\p{L}\p{N}\p{Extended_Pictographic}_/.(](?:[^:#\t]|:(?=[^\s])|(?<=\S)#)*$/u;

// What YAML's core schema reads as something else than text.
const typedText =
  /^(?:null|true|false|\.inf|\.nan|0o[0-7]+|0x[\da-f]+|\d+|(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?)$/i;

function readPart(part: PlainEntry, findings: Findings): HeadNode {
  if (part.kind !== "plain") return readJson5(part.value, (index) => part.offset + index, findings);
  const scalar: HeadScalar = {
    type: "scalar",
    offset: part.offset,
    value: part.value,
    text: part.value,
    isQuoted: false,
  };
  return scalar;
}
