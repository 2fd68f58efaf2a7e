import { headLines } from "./head-lines.ts";

/** A value of a head, in a form that needs no YAML parser, and not looked into yet. */
export type PlainValue =
  | { readonly kind: "plain" | "json"; readonly offset: number; readonly text: string }
  /** A number or a truth value, as written. */
  | { readonly kind: "typed"; readonly offset: number; readonly text: string }
  /** `[a, b]` */
  | { readonly kind: "words"; readonly offset: number; readonly text: string }
  /** What stands in single quotes, or lines below `|` or `>`, put together. */
  | { readonly kind: "quoted"; readonly offset: number; readonly text: string }
  | PlainMap
  | { readonly kind: "list"; readonly offset: number; readonly items: readonly PlainValue[] };

export interface PlainMap {
  readonly kind: "map";
  readonly offset: number;
  readonly entries: readonly {
    readonly key: string;
    readonly keyOffset: number;
    readonly value: PlainValue;
  }[];
}

/**
 * Reads a text as a map of plain values, of maps and lists of such, and of blocks of plain lines. Null for any other
 * text, also for any doubt.
 */
export function readPlainBlock(text: string, start: number, end: number): PlainMap | null {
  const rows = toRows(text, start, end);
  if (rows === null) return null;
  const cursor = { rows, index: 0 };
  const map = readMap(0, 1, cursor);
  return map !== null && cursor.index === rows.length ? map : null;
}

/** A line that says something. */
interface Row {
  /** Columns before the text. */
  readonly indent: number;
  readonly text: string;
  /** Of the text's first character. */
  readonly offset: number;
  /** Counted from 0, with those that say nothing. */
  readonly line: number;
  readonly isClosed: boolean;
}

interface Cursor {
  readonly rows: Row[];
  index: number;
}

function toRows(text: string, start: number, end: number): Row[] | null {
  const rows: Row[] = [];
  let number = 0;
  for (const line of headLines(text, start, end)) {
    if (line.text !== "" && !line.text.startsWith("#")) {
      const indent = line.text.search(/[^ ]/);
      if (indent === -1) return null;
      const isClosed = line.next > line.end;
      rows.push({
        indent,
        text: line.text.slice(indent),
        offset: line.start + indent,
        line: number,
        isClosed,
      });
    }
    number += 1;
  }
  return rows;
}

/** YAML itself goes deeper than heads do. */
const deepest = 8;

function readMap(indent: number, depth: number, cursor: Cursor): PlainMap | null {
  const first = cursor.rows[cursor.index];
  if (first === undefined || depth > deepest) return null;
  const keys = new Set<string>();
  const entries: PlainMap["entries"][number][] = [];
  for (let row = cursor.rows[cursor.index]; row?.indent === indent; row = cursor.rows[cursor.index]) {
    const [, key = "", gap = "", text = ""] = entryLine.exec(row.text) ?? [];
    if (key === "" || keys.has(key)) return null;
    keys.add(key);
    cursor.index += 1;
    const offset = row.offset + key.length + 1 + gap.length;
    const value = text === "" ? readBelow(indent, depth, cursor) : readValue(text, offset, indent, cursor);
    if (value === null) return null;
    entries.push({ key, keyOffset: row.offset, value });
  }
  if ((cursor.rows[cursor.index]?.indent ?? 0) > indent || entries.length === 0) return null;
  return { kind: "map", offset: first.offset, entries };
}

/** `key: value`, or `key:` for what is below. */
const entryLine = /^([A-Za-z_][\w-]*):(?:( +)(\S.*?))?[ \t]*$/;

function readBelow(indent: number, depth: number, cursor: Cursor): PlainValue | null {
  const row = cursor.rows[cursor.index];
  if (row === undefined) return null;
  if (row.text.startsWith("- ")) return row.indent >= indent ? readList(row.indent, depth + 1, cursor) : null;
  return row.indent > indent ? readMap(row.indent, depth + 1, cursor) : null;
}

function readList(indent: number, depth: number, cursor: Cursor): PlainValue | null {
  const offset = cursor.rows[cursor.index]?.offset ?? 0;
  const items: PlainValue[] = [];
  for (let row = cursor.rows[cursor.index]; row?.indent === indent; row = cursor.rows[cursor.index]) {
    const [, gap = "", text = ""] = itemLine.exec(row.text) ?? [];
    if (text === "") break;
    const inner = { ...row, indent: indent + gap.length, text, offset: row.offset + gap.length };
    const item = entryLine.test(text) ? readItemMap(inner, depth, cursor) : readItem(inner, indent, cursor);
    if (item === null) return null;
    items.push(item);
  }
  if ((cursor.rows[cursor.index]?.indent ?? 0) > indent || items.length === 0) return null;
  return { kind: "list", offset, items };
}

const itemLine = /^(- +)(\S.*?)[ \t]*$/;

/** The first key of a map stands in the line of its dash. */
function readItemMap(row: Row, depth: number, cursor: Cursor): PlainValue | null {
  cursor.rows[cursor.index] = row;
  return readMap(row.indent, depth + 1, cursor);
}

function readItem({ text, offset }: Row, indent: number, cursor: Cursor): PlainValue | null {
  cursor.index += 1;
  return readValue(text, offset, indent, cursor);
}

function readValue(text: string, offset: number, indent: number, cursor: Cursor): PlainValue | null {
  switch (text[0]) {
    case "|":
    case ">":
      return readLines(text, offset, indent, cursor);
    case "[":
      if (plainWords.test(text) && !typedWord.test(text)) return { kind: "words", offset, text };
      return isJson(text) ? { kind: "json", offset, text } : null;
    case "{":
    case '"':
      return isJson(text) ? { kind: "json", offset, text } : null;
    case "'":
      return quotedText.test(text) ? { kind: "quoted", offset, text: text.slice(1, -1) } : null;
    default:
      if (plainTyped.test(text)) return { kind: "typed", offset, text };
      return isPlain(text) ? { kind: "plain", offset, text } : null;
  }
}

/** Lines of one and the same depth, without an empty one among them. */
function readLines(header: string, offset: number, indent: number, cursor: Cursor): PlainValue | null {
  if (!/^[|>]-?$/.test(header)) return null;
  const first = cursor.rows[cursor.index];
  if (first === undefined || first.indent <= indent || first.line !== lineBefore(cursor) + 1) return null;
  const lines: string[] = [];
  for (
    let row: Row | undefined = first;
    row !== undefined && row.indent > indent;
    row = cursor.rows[cursor.index]
  ) {
    const follows = row.line === first.line + lines.length;
    if (!follows || row.indent !== first.indent || !row.isClosed || /[\t ]$|\t/.test(row.text)) return null;
    lines.push(row.text);
    cursor.index += 1;
  }
  const end = header.endsWith("-") ? "" : "\n";
  return { kind: "quoted", offset, text: lines.join(header.startsWith("|") ? "\n" : " ") + end };
}

function lineBefore({ rows, index }: Cursor): number {
  return rows[index - 1]?.line ?? -1;
}

/** Nothing that YAML would read as something else than text, or as more than one word. */
const plainWords = /^\[[A-Za-z][\w.-]*(?:, ?[A-Za-z][\w.-]*)*\]$/;
const typedWord = /\b(?:null|true|false)\b/i;

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error; // what JSON.parse throws on anything else
    return false;
  }
}

/** Two quotes in a row would mean one. */
const quotedText = /^'[^'\t]*'$/;

/** What JSON and YAML read alike. */
const plainTyped = /^(?:true|false|0|[1-9]\d{0,14})$/;

function isPlain(text: string): boolean {
  return plainText.test(text) && !typedText.test(text);
}

// Begins with no character that means something to YAML, and holds neither ": " nor " #".
const plainText = /^[\p{L}\p{N}\p{Extended_Pictographic}_/.(](?:[^:#\t]|:(?=[^\s])|(?<=\S)#)*$/u;

// What YAML's core schema reads as something else than text.
const typedText =
  /^(?:null|true|false|\.inf|\.nan|0o[0-7]+|0x[\da-f]+|\d+|(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?)$/i;
