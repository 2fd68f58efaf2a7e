import { fieldsPerStamp, hasStamp } from "./path-stamp.ts";

/**
 * What two threads need to look at the same paths together, in memory that both have. One asks, and goes from the front;
 * the other helps, and goes from the back. Nobody waits for a helper: what it has not finished is looked at by whoever
 * asked.
 */
export interface SharedLook {
  /** UTF-8, each path followed by NUL. */
  readonly paths: Uint8Array;
  /** Where the paths of each chunk begin, and where the last one ends. */
  readonly starts: Int32Array;
  readonly stamps: Float64Array;
  /** The round that was begun last, then for each chunk the round in which it was looked at last, and by whom. */
  readonly marks: Int32Array;
}

/** Paths that are looked at by one of the two: some 20 µs. */
export const chunkPaths = 16;

export function shareLook(paths: readonly string[], stamps: Float64Array): SharedLook {
  const chunks = Math.ceil(paths.length / chunkPaths);
  const texts = Array.from({ length: chunks }, (_, chunk) =>
    Buffer.from(`${pathsOf(paths, chunk).join("\0")}\0`),
  );
  const starts = new Int32Array(new SharedArrayBuffer((chunks + 1) * Int32Array.BYTES_PER_ELEMENT));
  for (const [chunk, { length }] of texts.entries()) starts[chunk + 1] = (starts[chunk] ?? 0) + length;
  const bytes = new Uint8Array(new SharedArrayBuffer(starts[chunks] ?? 0));
  for (const [chunk, text] of texts.entries()) bytes.set(text, starts[chunk]);
  const marks = new Int32Array(new SharedArrayBuffer((chunks + 1) * Int32Array.BYTES_PER_ELEMENT));
  return { paths: bytes, starts, stamps, marks };
}

export function pathsOf(paths: readonly string[], chunk: number): readonly string[] {
  return paths.slice(chunk * chunkPaths, (chunk + 1) * chunkPaths);
}

/** Begins a round, for which nothing counts that was seen before. */
export function beginRound({ marks }: SharedLook): number {
  return Atomics.add(marks, 0, 1) + 1;
}

/** Whether the helper has seen in this round that a chunk is as it was. If not, it is not to begin any more. */
export function wasSeen({ marks }: SharedLook, round: number, chunk: number): boolean {
  return Atomics.exchange(marks, chunk + 1, markOf(round, "asking")) === markOf(round, "seen");
}

/** Helps with the round that was begun last. Ends where whoever asked has come to, or at the first change. */
export function helpLook(look: SharedLook): void {
  const { marks, starts, stamps } = look;
  for (let chunk = starts.length - 2; chunk >= 0; chunk -= 1) {
    const round = Atomics.load(marks, 0);
    const mark = Atomics.load(marks, chunk + 1);
    if (mark === markOf(round, "asking")) return;
    const held = markOf(round, "held");
    if (Atomics.compareExchange(marks, chunk + 1, mark, held) !== mark) return;
    let at = chunk * chunkPaths * fieldsPerStamp;
    for (const path of textsOf(look, chunk)) {
      if (!hasStamp(path, stamps, at)) return;
      at += fieldsPerStamp;
    }
    if (Atomics.compareExchange(marks, chunk + 1, held, markOf(round, "seen")) !== held) return;
  }
}

function textsOf({ paths, starts }: SharedLook, chunk: number): readonly string[] {
  const start = starts[chunk] ?? 0;
  const length = (starts[chunk + 1] ?? start) - start;
  return Buffer.from(paths.buffer, paths.byteOffset + start, length - 1)
    .toString()
    .split("\0");
}

const kinds = { held: 1, seen: 2, asking: 3 } as const;

/** Wraps around after 2^30 rounds: two that are so far apart do not meet. */
function markOf(round: number, kind: keyof typeof kinds): number {
  return (round << 2) | kinds[kind];
}
