/** A secret's value was found in what was to be let through. */
export class SecretFound extends Error {}

/** Shorter values are words that stand in any file. */
const minValueBytes = 4;

/** The values that can be searched for. */
export function toNeedles(secretValues: readonly string[]): readonly Buffer[] {
  return [...new Set(secretValues)]
    .map((value) => Buffer.from(value))
    .filter(({ length }) => length >= minValueBytes);
}

/**
 * Lets bytes through that hold none of the values, also not one that begins in one piece and ends in another: the end
 * of a piece waits for the next. Throws {@link SecretFound} before any byte of a value has passed.
 */
export async function* withoutSecrets(
  pieces: AsyncIterable<Buffer>,
  needles: readonly Buffer[],
): AsyncGenerator<Buffer, void, undefined> {
  const longest = Math.max(1, ...needles.map(({ length }) => length));
  let waiting: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = waiting.length === 0 ? piece : Buffer.concat([waiting, piece]);
    if (needles.some((needle) => bytes.includes(needle))) throw new SecretFound();
    const safe = Math.max(0, bytes.length - (longest - 1));
    if (safe > 0) yield bytes.subarray(0, safe);
    waiting = bytes.subarray(safe);
  }
  if (waiting.length > 0) yield waiting;
}
