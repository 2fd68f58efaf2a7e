import { hole } from "../code.ts";

/** A token of Python, as far as imports and calls need it. */
export interface PythonToken {
  readonly type: "name" | "string" | "other";
  /** Of a string its text: escapes as written, and {@link hole} for each replacement field of an f-string. */
  readonly value: string;
  readonly offset: number;
}

/** Tokens up to the end of a statement's line, brackets and continued lines included. */
export interface PythonLine {
  /** Columns of white space before it. */
  readonly indent: number;
  readonly tokens: readonly PythonToken[];
}

/** Splits Python into logical lines. Never fails: what is no Python gives tokens that mean nothing. Linear in time. */
export function pythonLines(text: string): PythonLine[] {
  const lines: PythonLine[] = [];
  let tokens: PythonToken[] = [];
  let indent = 0;
  let depth = 0;
  let index = 0;
  const endLine = () => {
    if (tokens.length > 0) lines.push({ indent, tokens });
    tokens = [];
    depth = 0;
  };
  while (index < text.length) {
    const match = matchAt(token, text, index);
    if (match === null) break;
    const [whole, blank, newline, prefix, quote, name] = match;
    const offset = index;
    index += whole.length;
    if (blank !== undefined) continue;
    if (newline !== undefined) {
      // A bracket that stays open would hide the rest of the file: a statement in the first column closes it.
      if (depth === 0 || startsStatement(text, index)) endLine();
      continue;
    }
    if (tokens.length === 0) indent = columnOf(text, offset);
    if (quote !== undefined) {
      const end = stringEnd(text, index, quote);
      const content = text.slice(index, end);
      const isFormatted = /[ft]/i.test(prefix ?? "");
      tokens.push({ type: "string", value: isFormatted ? withHoles(content) : content, offset });
      index = text.startsWith(quote, end) ? end + quote.length : end;
    } else {
      if ("([{".includes(whole)) depth += 1;
      if (")]}".includes(whole)) depth = Math.max(0, depth - 1);
      tokens.push({ type: name === undefined ? "other" : "name", value: whole, offset });
    }
  }
  endLine();
  return lines;
}

const token =
  /([ \t\f\r]+|\\\r?\n|#[^\n]*)|(\n)|([rbuft]{0,2})("""|'''|"|')|([\p{L}_][\p{L}\p{N}_]*)|\d[\w.]*|./isuy;

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

const statement = /(?:import|from|def|class|if|try)[\s:]/y;

function startsStatement(text: string, index: number): boolean {
  return matchAt(statement, text, index) !== null;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Where the closing quote stands, or the end of a line that lacks it. */
function stringEnd(text: string, start: number, quote: string): number {
  const isLong = quote.length === 3;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (character === "\\") index++;
    else if (character === "\n" && !isLong) return index;
    else if (character === quote[0] && (!isLong || text.startsWith(quote, index))) return index;
  }
  return text.length;
}

/** `{name!r:>10}` → a hole; `{{` stays. Fields that hold braces of their own are cut at the first, which is enough. */
function withHoles(content: string): string {
  return content.replace(/\{\{|\{[^{}]*\}?/g, (field) => (field === "{{" ? field : hole));
}
