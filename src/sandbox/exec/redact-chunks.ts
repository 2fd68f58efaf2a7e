import type { Transform } from "node:stream";
import type { OutputChunk, OutputStream } from "../../engine/port/split-frames.ts";
import { createRedactor } from "../secrets/create-redactor.ts";

/**
 * The same output without these values in it, wherever it is cut. What could be a secret's beginning is held back until
 * it is known to be none; without values everything passes at once.
 */
export async function* redactChunks(
  chunks: AsyncIterable<OutputChunk>,
  values: readonly string[],
): AsyncGenerator<OutputChunk> {
  if (values.length === 0) {
    yield* chunks;
    return;
  }
  const redactor = createRedactor(values);
  const streams: Record<OutputStream, Transform> = { stdout: redactor.stream(), stderr: redactor.stream() };
  for await (const { stream, bytes } of chunks) {
    streams[stream].write(bytes);
    // What a synchronous transform makes of a chunk is there as soon as it was written.
    const redacted: Buffer | null = streams[stream].read();
    if (redacted !== null) yield { stream, bytes: redacted };
  }
  for (const stream of ["stdout", "stderr"] as const) {
    streams[stream].end();
    for await (const bytes of streams[stream]) yield { stream, bytes };
  }
}
