import { once } from "node:events";
import type { Writable } from "node:stream";

/** What a command reads: all at once, or as it comes. */
export type ExecInput = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/**
 * Writes an input to a command and closes it, no faster than the command reads. A command that ends or closes its input
 * before is not an error, and the rest is not asked for. Throws what the input throws.
 */
export async function feedInput(stdin: Writable, input: ExecInput): Promise<void> {
  // Closed from the other side while an input is awaited: nothing is to be waited for then.
  const closed = once(stdin, "close").catch(() => {});
  for await (const piece of piecesOf(input)) {
    if (!isOpen(stdin)) return;
    if (!stdin.write(piece)) await Promise.race([once(stdin, "drain").catch(() => {}), closed]);
  }
  if (isOpen(stdin)) stdin.end();
}

function isOpen(stdin: Writable): boolean {
  return !stdin.destroyed && !stdin.writableEnded && stdin.errored === null;
}

function piecesOf(input: ExecInput): Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array> {
  return typeof input === "string" || input instanceof Uint8Array ? [input] : input;
}
