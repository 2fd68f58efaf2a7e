import type { HeadScalar } from "./head-node.ts";

/**
 * For a scalar's value, where each of its characters stands in the file: through quotes, escapes and the indentation
 * of block scalars. Where that cannot be told (a folded paragraph) the answer is the scalar's first character.
 */
export function locateInScalar(text: string, node: HeadScalar): (index: number) => number {
  const mark = text[node.offset];
  const isQuote = mark === '"' || mark === "'";
  const start = isQuote ? node.offset + 1 : node.offset;
  if (text.startsWith(node.text, start)) return (index) => start + index;
  const offsets = isQuote ? quotedOffsets(text, start, mark, node.text.length) : blockOffsets(text, node);
  return (index) => offsets[Math.min(index, offsets.length - 1)] ?? node.offset;
}

function quotedOffsets(text: string, start: number, quote: string, length: number): number[] {
  const offsets: number[] = [];
  let at = start;
  while (offsets.length <= length && at < text.length) {
    const width = quote === "'" ? (text.startsWith("''", at) ? 2 : 1) : escapeWidth(text, at);
    // A character beyond the basic plane is two code units of the value, however it is written.
    const units = width === 10 && Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xff_ff ? 2 : 1;
    for (let unit = 0; unit < units; unit++) offsets.push(at);
    at += width;
  }
  return offsets;
}

function escapeWidth(text: string, at: number): number {
  if (text[at] !== "\\") return 1;
  return { x: 4, u: 6, U: 10 }[text[at + 1] ?? ""] ?? 2;
}

function blockOffsets(text: string, node: HeadScalar): number[] {
  if (!/[|>]/.test(text[node.offset] ?? "")) return [];
  const offsets: number[] = [];
  let lineStart = endOfLine(text, node.offset) + 1;
  const indent = /^\s*?( *)\S/.exec(text.slice(lineStart))?.[1]?.length ?? 0;
  while (offsets.length <= node.text.length && lineStart <= text.length) {
    const lineEnd = endOfLine(text, lineStart);
    const contentEnd = text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
    for (let at = lineStart + indent; at < contentEnd; at++) offsets.push(at);
    offsets.push(lineEnd);
    lineStart = lineEnd + 1;
  }
  return isFaithful(text, offsets, node.text) ? offsets : [];
}

/** Blank lines inside a folded block shift everything after them: better no place than a wrong one. */
function isFaithful(text: string, offsets: readonly number[], value: string): boolean {
  return [...value].every(
    (character, index) => /\s/.test(character) || text[offsets[index] ?? -1] === character,
  );
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}
