import { readPiece } from "./parse-env-text.ts";
import { type EnvPiece, splitEnvText } from "./split-env-text.ts";

export interface EditedEnv {
  readonly text: string;
  /** Names whose value the syntax of `.env` files cannot hold, or not in this file. Where there are any, `text` is as it was. */
  readonly refused: readonly string[];
}

/**
 * Sets (a text) and removes (null) names in the text of a `.env` file. Every other line stays as it is, comments, order
 * and line ends included; a name that is there keeps its place, and where it stands several times one is left. What is
 * written has been read back with the library, byte for byte.
 */
export function writeEnvText(text: string, changes: ReadonlyMap<string, string | null>): EditedEnv {
  const lineEnd = /\r\n|\n/.exec(text)?.[0] ?? "\n";
  const written = new Map([...changes].map(([name, value]) => [name, writeLine(name, value, lineEnd)]));
  const impossible = [...written].flatMap(([name, line]) => (line === null ? [name] : []));
  if (impossible.length > 0) return { text, refused: impossible };
  const edited = replaceAssignments(text, written, lineEnd);
  const wanted = new Map([...readAll(text), ...changes]);
  const found = readAll(edited);
  const wrong = [...wanted].flatMap(([name, value]) => ((found.get(name) ?? null) === value ? [] : [name]));
  return wrong.length === 0 ? { text: edited, refused: [] } : { text, refused: wrong };
}

/** `NAME=value` as the library reads it back, without an end of line; null: the syntax has no way to write this value. */
export function writeAssignment(name: string, value: string): string | null {
  for (const spelling of spellings(value)) {
    const assignment = `${name}=${spelling}`;
    const [piece, ...more] = splitEnvText(`${assignment}\n`);
    if (piece !== undefined && more.length === 0 && readPiece(piece) === value) return assignment;
  }
  return null;
}

function writeLine(name: string, value: string | null, lineEnd: string): string | null {
  if (value === null) return "";
  const assignment = writeAssignment(name, value);
  return assignment === null ? null : assignment + lineEnd;
}

/** Ways to write a value, the plainest first; not each of them works for each value. */
function* spellings(value: string): Generator<string> {
  if (/^[\w./:@%+,=~-]+$/.test(value)) yield value;
  // A backslash before the closing quote would let a reader look for another one further down the file.
  if (!value.endsWith("\\")) {
    if (!/[\r\n]/.test(value)) yield `'${value}'`;
    yield `"${value.replaceAll("\n", "\\n").replaceAll("\r", "\\r")}"`;
    yield `'${value}'`;
    yield `\`${value}\``;
  }
  // In the middle of a line everything but # is taken as it is.
  if (!/^['"`]/.test(value)) yield value;
}

function replaceAssignments(
  text: string,
  written: ReadonlyMap<string, string | null>,
  lineEnd: string,
): string {
  const pieces = splitEnvText(text);
  const lastOf = new Map(pieces.map((piece, index) => [piece.name, index]));
  const kept = pieces.map((piece, index) => {
    const line = written.get(piece.name);
    if (line === undefined || line === null) return piece.text;
    return lastOf.get(piece.name) === index ? line : "";
  });
  const added = [...written].flatMap(([name, line]) => (lastOf.has(name) ? [] : [line ?? ""])).join("");
  const before = kept.join("");
  return added === "" || before === "" || /[\r\n]$/.test(before) ? before + added : before + lineEnd + added;
}

function readAll(text: string): Map<string, string> {
  const pieces: readonly EnvPiece[] = splitEnvText(text);
  return new Map(
    pieces.flatMap((piece) => {
      const value = readPiece(piece);
      return value === null ? [] : [[piece.name, value] as const];
    }),
  );
}
