import JSON5 from "json5";
import type { Findings } from "./findings.ts";
import {
  addEntry,
  emptyMap,
  type HeadEntry,
  type HeadList,
  type HeadMap,
  type HeadNode,
  type HeadScalar,
} from "./head-node.ts";

/** A text that JSON5 cannot read; `index` counts in that text. */
export interface Json5Fault {
  readonly index: number;
  readonly message: string;
}

/** Null if the text is JSON5, else the first thing that is wrong. */
export function findJson5Fault(text: string): Json5Fault | null {
  try {
    JSON5.parse(text.replace(lineSeparators, " "));
    return null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error; // json5 throws nothing else
    return { index: indexOfPosition(text, error), message: error.message.replace(/^JSON5: /, "") };
  }
}

/** json5 counts lines by every line end that JavaScript knows, and columns from 1. */
function indexOfPosition(text: string, error: SyntaxError): number {
  const { lineNumber, columnNumber } = error as SyntaxError & { lineNumber?: number; columnNumber?: number };
  let start = 0;
  for (let line = 1; line < (lineNumber ?? 1); line++) {
    const lineEnd = /\r\n|[\n\r\u2028\u2029]/.exec(text.slice(start));
    if (lineEnd === null) break;
    start += lineEnd.index + lineEnd[0].length;
  }
  return Math.min(start + Math.max((columnNumber ?? 1) - 1, 0), text.length);
}

/**
 * Text that is known to be JSON5 (or JSON) → nodes with places, which json5 itself does not give. `offsetOf` turns an
 * index in that text into an offset in the file.
 */
export function readJson5(text: string, offsetOf: (index: number) => number, findings: Findings): HeadNode {
  return readJson5Entries(text, offsetOf, (map, key, entry) => addEntry(map, key, entry, findings));
}

/** The same, with `add` to say what becomes of each entry of a map: any key may come, and come twice. */
export function readJson5Entries(
  text: string,
  offsetOf: (index: number) => number,
  add: (map: HeadMap, key: string, entry: HeadEntry) => void,
): HeadNode {
  let index = 0;
  return readValue();

  function readValue(): HeadNode {
    skipBlank();
    if (text[index] === "{") return readMap();
    if (text[index] === "[") return readList();
    return readScalar();
  }

  function readMap(): HeadNode {
    const map = emptyMap(offsetOf(index++));
    for (skipBlank(); index < text.length && text[index] !== "}"; skipSeparator()) {
      const keyOffset = offsetOf(index);
      const key = readKey();
      skipBlank();
      index++; // the colon
      add(map, key, { keyOffset, value: readValue() });
    }
    index++;
    return map;
  }

  function readList(): HeadNode {
    const list: HeadList = { type: "list", offset: offsetOf(index++), items: [] };
    for (skipBlank(); index < text.length && text[index] !== "]"; skipSeparator())
      list.items.push(readValue());
    index++;
    return list;
  }

  function readScalar(): HeadScalar {
    const offset = offsetOf(index);
    const token = takeToken();
    const value = decodeToken(token);
    const isQuoted = typeof value === "string";
    return { type: "scalar", offset, value, text: isQuoted ? value : token, isQuoted };
  }

  function readKey(): string {
    const token = takeToken();
    if (/^["']/.test(token)) return String(decodeToken(token));
    return token.includes("\\") ? (Object.keys(JSON5.parse(`{${token}:0}`))[0] ?? token) : token;
  }

  function takeToken(): string {
    const start = index;
    const quote = text[index];
    if (quote === '"' || quote === "'") {
      for (index++; index < text.length && text[index] !== quote; index++) if (text[index] === "\\") index++;
      index++;
    } else {
      bareToken.lastIndex = index;
      index += bareToken.exec(text)?.[0].length ?? 1;
    }
    return text.slice(start, index);
  }

  function skipSeparator(): void {
    skipBlank();
    if (text[index] === ",") index++;
    skipBlank();
  }

  function skipBlank(): void {
    blank.lastIndex = index;
    index += blank.exec(text)?.[0].length ?? 0;
  }
}

/** Allowed in strings, but json5 then writes a warning to the console. */
const lineSeparators = /[\u2028\u2029]/g;

function escapeSeparator(separator: string): string {
  return separator === "\u2028" ? "\\u2028" : "\\u2029";
}

const blank = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*.*?\*\/)*/suy;
const bareToken = /[^\s,:[\]{}/]+/uy;

function decodeToken(token: string): string | number | boolean | null {
  const isPlain = token.startsWith('"') && !token.includes("\\");
  return isPlain ? token.slice(1, -1) : JSON5.parse(token.replace(lineSeparators, escapeSeparator));
}

const string = /"(?:[^"\\]|\\.)*(?:"|\\?$)|'(?:[^'\\]|\\.)*(?:'|\\?$)/gs;

/** A comment of JSON5 outside of any string may be a key or a text to YAML. */
export function hasJson5Comment(text: string): boolean {
  return /\/[/*]/.test(text.replace(string, ""));
}

export function reportJson5(offset: number, findings: Findings): void {
  findings.warning(
    "SKILL_FLOW_JSON5",
    offset,
    "The value is JSON5, which YAML cannot read (comments, for example).",
    'Write it without comments, or begin comments with "#".',
  );
}
