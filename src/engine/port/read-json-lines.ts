import { protocolError } from "./engine-error.ts";
import { isObject } from "./is-object.ts";

export type JsonMessage = Readonly<Record<string, unknown>>;

/**
 * The messages of a stream of JSON objects, one a line, wherever its chunks are cut. Throws `ENGINE_PROTOCOL` for a
 * line that is no JSON object or longer than 16 MiB; the last line needs no line end.
 */
export async function* readJsonLines(
  chunks: AsyncIterable<Uint8Array>,
  doing: string,
): AsyncGenerator<JsonMessage> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineEnd); end !== -1; end = chunk.indexOf(lineEnd, start)) {
      yield* parseLine([...pending, chunk.subarray(start, end)], doing);
      pending = [];
      pendingBytes = 0;
      start = end + 1;
    }
    pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > longestLineBytes)
      throw protocolError(doing, "the engine sends a message that does not end");
  }
  yield* parseLine(pending, doing);
}

function* parseLine(parts: readonly Uint8Array[], doing: string): Generator<JsonMessage> {
  const line = Buffer.concat(parts).toString("utf8").trim();
  if (line === "") return;
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch (error) {
    throw protocolError(doing, "the engine sent a message that is not JSON, or only a part of one", error);
  }
  if (!isObject(message)) throw protocolError(doing, "the engine sent a message that is not an object");
  yield message;
}

const lineEnd = 0x0a;
const longestLineBytes = 16 * 1024 * 1024;
