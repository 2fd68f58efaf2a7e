import type { HeadNode } from "../skill/head-node.ts";

/** Where a node of a JSON5 text ends: after its last quote, bracket or character. The text is known to be JSON5. */
export function endOfNode(text: string, node: HeadNode): number {
  if (node.type === "scalar") return endOfToken(text, node.offset);
  let depth = 0;
  for (let index = node.offset; index < text.length; ) {
    const character = text[index] ?? "";
    index = endOfToken(text, index);
    if (character === "{" || character === "[") depth += 1;
    if ((character === "}" || character === "]") && --depth === 0) return index;
  }
  return text.length;
}

const token =
  /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/|[^\s,:[\]{}/"']+|\s+|./suy;

/** A text, a comment, a bare word, a run of blanks, or one character. */
function endOfToken(text: string, start: number): number {
  token.lastIndex = start;
  return start + (token.exec(text)?.[0].length ?? 1);
}
