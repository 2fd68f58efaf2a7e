import type { HeadScalar } from "./head-node.ts";
import { locateInScalar } from "./locate-in-scalar.ts";

export interface Piece {
  readonly name: string;
  /** In the file; of the first one, a quote before it included. */
  readonly offset: number;
}

/** The parts of a comma-separated text, trimmed, without empty ones. */
export function splitPieces(node: HeadScalar, text: string): Piece[] {
  const offsetOf = locateInScalar(text, node);
  const pieces: Piece[] = [];
  let index = 0;
  for (const piece of node.text.split(",")) {
    const name = piece.trim();
    const start = index + piece.length - piece.trimStart().length;
    if (name !== "") pieces.push({ name, offset: start === 0 ? node.offset : offsetOf(start) });
    index += piece.length + 1;
  }
  return pieces;
}
