/** One piece of a `.env` file. All pieces together are the text, byte for byte. */
export interface EnvPiece {
  /**
   * `assignment`: one name and its value, over several lines where quotes hold them together · `blank`: nothing, or a
   * comment · `stray`: neither · `open-quote`: an assignment whose quote is not closed, or that has more text after the
   * closing one.
   */
  readonly kind: "assignment" | "blank" | "stray" | "open-quote";
  /** Line ends included. */
  readonly text: string;
  /** Its first line, from 1. */
  readonly line: number;
  /** Of an assignment, as written; else empty. */
  readonly name: string;
  /** What follows the equals sign on the first line, quotes and comment included; else empty. */
  readonly written: string;
}

/**
 * Takes a `.env` file apart along the lines of the dotenv library, which reads each piece afterwards. The library itself
 * says nothing of what it passes over, lets an empty value reach into the next line, and takes time by the square of the
 * number of empty lines: pieces have none of that. Linear but for quotes that stay open: `maxOpenQuotes` of them end it,
 * and what follows is one stray piece.
 */
export function splitEnvText(text: string, maxOpenQuotes = 50): EnvPiece[] {
  const pieces: EnvPiece[] = [];
  let line = 1;
  let openQuotes = 0;
  for (let start = 0; start < text.length; ) {
    const head = matchAt(assignmentHead, text, start);
    const valueStart = start + (head?.[0].length ?? 0);
    const lineEnd = endOfLine(text, valueStart);
    const quoteEnd = head === null ? null : endOfQuoted(text, valueStart);
    if (quoteEnd === "open") openQuotes += 1;
    const given = openQuotes > maxOpenQuotes;
    const end = given ? text.length : typeof quoteEnd === "number" ? quoteEnd : lineEnd;
    const piece = text.slice(start, end);
    const kind = kindOf(piece, head, quoteEnd);
    const isAssignment = kind !== "stray" && kind !== "blank";
    pieces.push({
      kind: given ? "stray" : kind,
      text: piece,
      line,
      name: isAssignment ? (head?.[1] ?? "") : "",
      written: isAssignment ? text.slice(valueStart, lineEnd).trimEnd() : "",
    });
    line += countLineEnds(piece);
    start = end;
  }
  return pieces;
}

/** As the library has it: `export` or not, `NAME=` or `NAME: `. White space is JavaScript's, line ends apart. */
const assignmentHead = /[^\S\r\n]*(?:export[^\S\r\n]+)?([\w.-]+)(?:[^\S\r\n]*=|:(?=[^\S\r\n]))[^\S\r\n]*/y;
const lineEndPattern = /\r\n|\r|\n/g;
const restOfLine = /[^\S\r\n]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|$)/y;

function kindOf(
  piece: string,
  head: RegExpExecArray | null,
  quoteEnd: number | "open" | null,
): EnvPiece["kind"] {
  if (head !== null) return quoteEnd === "open" ? "open-quote" : "assignment";
  const said = piece.trimStart();
  return said === "" || said.startsWith("#") ? "blank" : "stray";
}

/** Where a quoted value's piece ends, its line's end included; null: the value does not begin with a quote. */
function endOfQuoted(text: string, start: number): number | "open" | null {
  const quote = text[start];
  if (quote !== "'" && quote !== '"' && quote !== "`") return null;
  let end: number | "open" = "open";
  for (let at = text.indexOf(quote, start + 1); at >= 0; at = text.indexOf(quote, at + 1)) {
    const rest = matchAt(restOfLine, text, at + 1);
    if (rest !== null) end = at + 1 + rest[0].length;
    // A quote after a backslash may close the value, if no later one does.
    if (text[at - 1] !== "\\") break;
  }
  return end;
}

function endOfLine(text: string, from: number): number {
  lineEndPattern.lastIndex = from;
  return lineEndPattern.test(text) ? lineEndPattern.lastIndex : text.length;
}

function countLineEnds(text: string): number {
  return text.match(lineEndPattern)?.length ?? 0;
}

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}
