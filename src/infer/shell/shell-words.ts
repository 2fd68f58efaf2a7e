import { hole } from "../code.ts";

export interface ShellWord {
  /** Quotes taken away; a {@link hole} for each expansion. */
  readonly value: string;
  readonly offset: number;
}

/** Where a script is being read. */
export interface ShellReader {
  readonly text: string;
  index: number;
  /** Substitutions that are open; at {@link maxDepth} what is inside is passed over. */
  depth: number;
  /** Reads the commands of a substitution up to the parenthesis that closes it, or the end of the text. */
  readonly readSubstituted: (reader: ShellReader) => void;
}

const maxDepth = 40;

/** A word up to the first blank or operator outside of quotes. Always moves on. */
export function readToken(reader: ShellReader): ShellWord {
  const { text } = reader;
  const offset = reader.index;
  let value = "";
  let last = "";
  while (reader.index < text.length) {
    const character = text[reader.index] ?? "";
    if (/[ \t\r\n;&|<>)]/.test(character)) break;
    if (character === "(" && (last === "" || !"=@!?*+".includes(last))) break;
    const piece = readPiece(reader, character);
    value += piece;
    last = piece.at(-1) ?? last;
  }
  return { value, offset };
}

const plain = /[^ \t\r\n;&|<>()'"`$\\]+/y;

/** One part of a word: plain characters, a quotation, an expansion. */
function readPiece(reader: ShellReader, character: string): string {
  const { text } = reader;
  switch (character) {
    case "\\":
      reader.index += 2;
      return (text[reader.index - 1] ?? "").replace(/[\r\n]/, "");
    case "'":
      return readSingleQuoted(reader);
    case '"':
      reader.index += 1;
      return readDoubleQuoted(reader);
    case "`":
      return readBackquoted(reader);
    case "$":
      return readDollar(reader);
    case "(":
      readArray(reader);
      return hole;
    default:
      return readPlain(reader, plain, character);
  }
}

function readPlain(reader: ShellReader, pattern: RegExp, atLeast: string): string {
  pattern.lastIndex = reader.index;
  const [run = atLeast] = pattern.exec(reader.text) ?? [];
  reader.index += run.length;
  return run;
}

function readSingleQuoted(reader: ShellReader): string {
  const start = reader.index + 1;
  reader.index = start;
  skipTo(reader, "'");
  const value = reader.text.slice(start, reader.index);
  reader.index += 1;
  return value;
}

const plainInQuotes = /[^"\\$`]+/y;

function readDoubleQuoted(reader: ShellReader): string {
  const { text } = reader;
  let value = "";
  while (reader.index < text.length) {
    const character = text[reader.index];
    if (character === '"') {
      reader.index += 1;
      return value;
    }
    if (character === "\\") {
      const next = text[reader.index + 1] ?? "";
      value += next === "\n" ? "" : '"\\$`'.includes(next) ? next : `\\${next}`;
      reader.index += 2;
    } else if (character === "$") value += readExpansion(reader);
    else if (character === "`") value += readBackquoted(reader);
    else value += readPlain(reader, plainInQuotes, character ?? "");
  }
  return value;
}

/** Its text is read as a script of its own: it cannot hold another such expansion. */
function readBackquoted(reader: ShellReader): string {
  const start = reader.index + 1;
  reader.index = start;
  skipTo(reader, "`");
  if (reader.depth < maxDepth) {
    const inner = { ...reader, text: reader.text.slice(0, reader.index), index: start, depth: maxDepth };
    reader.readSubstituted(inner);
  }
  reader.index += 1;
  return hole;
}

/** Outside of quotes, where `$'…'` and `$"…"` are quotations. */
function readDollar(reader: ShellReader): string {
  const next = reader.text[reader.index + 1];
  if (next !== "'" && next !== '"') return readExpansion(reader);
  reader.index += 1;
  if (next === "'") return readSingleQuoted(reader);
  reader.index += 1;
  return readDoubleQuoted(reader);
}

const variable = /\$(?:\w+|[@*#?$!-])/y;

function readExpansion(reader: ShellReader): string {
  const { text, index } = reader;
  const next = text[index + 1];
  if (next === "(") {
    reader.index += text[index + 2] === "(" ? 1 : 2;
    if (text[index + 2] === "(") skipArithmetic(reader);
    else readSubstitution(reader);
    return hole;
  }
  if (next === "{") {
    skipBraces(reader);
    return hole;
  }
  variable.lastIndex = index;
  const [name = ""] = variable.exec(text) ?? [];
  reader.index += name.length || 1;
  return name === "" ? "$" : hole;
}

/** The commands of `$(…)` or `<(…)`, from after its parenthesis to after the one that closes it. */
export function readSubstitution(reader: ShellReader): void {
  if (reader.depth === maxDepth) {
    skipParentheses(reader, 1);
    return;
  }
  reader.depth += 1;
  reader.readSubstituted(reader);
  reader.depth -= 1;
  reader.index += 1;
}

/** `((…))`, from its first parenthesis to after its last. */
export function skipArithmetic(reader: ShellReader): void {
  skipParentheses(reader, 0);
}

function skipParentheses(reader: ShellReader, open: number): void {
  let depth = open;
  for (; reader.index < reader.text.length; reader.index++) {
    const character = reader.text[reader.index];
    if (character === "\n" && open === 0) return;
    if (character === "(") depth += 1;
    if (character === ")" && --depth === 0) break;
  }
  reader.index += 1;
}

function skipBraces(reader: ShellReader): void {
  let depth = 0;
  for (; reader.index < reader.text.length; reader.index++) {
    const character = reader.text[reader.index];
    if (character === "\n") return;
    if (character === "{") depth += 1;
    if (character === "}" && --depth === 0) break;
  }
  reader.index += 1;
}

/** The elements of `name=(…)`, from its parenthesis to after the one that closes it. */
function readArray(reader: ShellReader): void {
  reader.index += 1;
  if (reader.depth === maxDepth) {
    skipParentheses(reader, 1);
    return;
  }
  reader.depth += 1;
  while (reader.index < reader.text.length) {
    const character = reader.text[reader.index] ?? "";
    if (character === ")") break;
    if (character === "#") skipTo(reader, "\n");
    else if (/[ \t\r\n;&|<>(]/.test(character)) reader.index += 1;
    else readToken(reader);
  }
  reader.depth -= 1;
  reader.index += 1;
}

export function skipTo(reader: ShellReader, end: string): void {
  const found = reader.text.indexOf(end, reader.index);
  reader.index = found === -1 ? reader.text.length : found;
}
