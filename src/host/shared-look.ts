import { fieldsPerStamp, hasStamp } from "./path-stamp.ts";

/**
 * Paths and their stamps, in memory that threads share, so that two can look at them together. One asks, and goes from
 * the front; the other helps, and goes from the back. Nobody waits for a helper: what it has not finished is looked at by
 * whoever asked.
 */
export interface SharedLook {
  /** UTF-8, each path followed by NUL. */
  readonly paths: Uint8Array;
  /** Where the paths of each chunk begin, and where the last one ends. */
  readonly starts: Int32Array;
  /** `fieldsPerStamp` numbers for each path. */
  readonly stamps: Float64Array;
  /** The round that was begun last, then for each chunk the round in which it was looked at last, and by whom. */
  readonly marks: Int32Array;
}

export function shareLook(paths: readonly string[]): SharedLook {
  const chunks = Math.ceil(paths.length / chunkPaths);
  const texts = Array.from({ length: chunks }, (_, chunk) =>
    Buffer.from(`${paths.slice(chunk * chunkPaths, (chunk + 1) * chunkPaths).join("\0")}\0`),
  );
  const starts = new Int32Array(shared(chunks + 1, Int32Array));
  for (const [chunk, { length }] of texts.entries()) starts[chunk + 1] = (starts[chunk] ?? 0) + length;
  const bytes = new Uint8Array(shared(starts[chunks] ?? 0, Uint8Array));
  for (const [chunk, text] of texts.entries()) bytes.set(text, starts[chunk]);
  const stamps = new Float64Array(shared(paths.length * fieldsPerStamp, Float64Array));
  return { paths: bytes, starts, stamps, marks: new Int32Array(shared(chunks + 1, Int32Array)) };
}

/** Looked at by one of the two: some 30 µs. */
const chunkPaths = 16;

function shared(length: number, { BYTES_PER_ELEMENT }: { BYTES_PER_ELEMENT: number }): SharedArrayBuffer {
  return new SharedArrayBuffer(length * BYTES_PER_ELEMENT);
}

export function chunksOf({ starts }: SharedLook): number {
  return starts.length - 1;
}

/** Begins a round, for which nothing counts that was seen before. */
export function beginRound({ marks }: SharedLook): number {
  return Atomics.add(marks, 0, 1) + 1;
}

/** Whether the helper has seen in this round that a chunk is as it was. If not, it is not to begin any more. */
export function wasSeen({ marks }: SharedLook, round: number, chunk: number): boolean {
  return Atomics.exchange(marks, chunk + 1, markOf(round, "asking")) === markOf(round, "seen");
}

/** Whether every path of a chunk still has its stamp. */
export function isChunkUnchanged({ paths, starts, stamps }: SharedLook, chunk: number): boolean {
  const start = starts[chunk] ?? 0;
  const length = (starts[chunk + 1] ?? start) - start;
  const texts = Buffer.from(paths.buffer, start, length - 1).toString();
  let at = chunk * chunkPaths * fieldsPerStamp;
  for (const path of texts.split("\0")) {
    if (!hasStamp(path, stamps, at)) return false;
    at += fieldsPerStamp;
  }
  return true;
}

/** Helps with the round that was begun last. Ends where whoever asked has come to, or at the first change. */
export function helpLook(look: SharedLook): void {
  const { marks } = look;
  for (let chunk = chunksOf(look) - 1; chunk >= 0; chunk -= 1) {
    const round = Atomics.load(marks, 0);
    const mark = Atomics.load(marks, chunk + 1);
    const held = markOf(round, "held");
    if (mark === markOf(round, "asking")) return;
    if (Atomics.compareExchange(marks, chunk + 1, mark, held) !== mark) return;
    if (!isChunkUnchanged(look, chunk)) return;
    if (Atomics.compareExchange(marks, chunk + 1, held, markOf(round, "seen")) !== held) return;
  }
}

const kinds = { held: 1, seen: 2, asking: 3 } as const;

/** Wraps around after 2^30 rounds: two that are so far apart do not meet. */
function markOf(round: number, kind: keyof typeof kinds): number {
  return (round << 2) | kinds[kind];
}
