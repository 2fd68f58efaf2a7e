import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../../host/file-problem.ts";
import { closeFile, fileVersion, openFile } from "../../host/open-file.ts";
import { readChunks } from "../../host/read-chunks.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { requireAbsolute } from "./require-absolute.ts";
import { tooLarge } from "./workspace-failure.ts";

/** Where a medium comes from: a regular file of the host (absolute, not a link), bytes, or a stream of them. */
export type MediaSource =
  | { readonly path: string }
  | { readonly bytes: Uint8Array }
  | { readonly stream: AsyncIterable<Uint8Array> };

/**
 * The bytes of a medium, at most `maxBytes`: throws `WORKSPACE_TOO_LARGE` beyond. Throws `INPUT_INVALID` for a host file
 * that cannot be read, `WORKSPACE_CHANGED` for one that somebody wrote to meanwhile, and `CANCELLED` on the signal even
 * where a stream says nothing any more.
 */
export async function* readMedia(
  source: MediaSource,
  name: string,
  maxBytes: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  for await (const chunk of chunksOf(source, maxBytes, signal)) {
    total += chunk.length;
    if (total > maxBytes) throw tooLarge(name, `it has more than ${maxBytes} bytes`);
    yield chunk;
  }
}

function chunksOf(
  source: MediaSource,
  maxBytes: number,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  if ("path" in source) return readHostFile(source.path, maxBytes, signal);
  if ("stream" in source) return untilCancelled(source.stream, signal);
  return inSlices(source.bytes, signal);
}

async function* readHostFile(
  path: string,
  maxBytes: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  requireAbsolute(path);
  const opened = openFile(path);
  if (!opened.ok) {
    const why = describeFileProblem(opened.problem);
    throw new SkillcrateError("INPUT_INVALID", `${quoteValue(path)} cannot be staged: ${why}.`, {
      hint: "Give the path of a regular file that this user can read.",
    });
  }
  const { file } = opened;
  try {
    if (file.sizeBytes > maxBytes) throw tooLarge(path, `it has ${file.sizeBytes} bytes, over ${maxBytes}`);
    yield* readChunks(file, maxBytes, signal);
    if (fileVersion(file.fd) !== file.version) throw changed(path);
  } finally {
    closeFile(file);
  }
}

function changed(path: string): SkillcrateError {
  return new SkillcrateError("WORKSPACE_CHANGED", `${quoteValue(path)} was written to while it was read.`, {
    hint: "Stage it once it is complete.",
  });
}

const sliceBytes = 512 * 1024;

async function* inSlices(
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let offset = 0; offset < bytes.length; offset += sliceBytes) {
    throwIfCancelled(signal);
    yield bytes.subarray(offset, offset + sliceBytes);
  }
}

async function* untilCancelled(
  stream: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = stream[Symbol.asyncIterator]();
  const cancelled = whenAborted(signal);
  try {
    for (;;) {
      throwIfCancelled(signal);
      const next = await Promise.race([iterator.next(), cancelled.promise]);
      throwIfCancelled(signal);
      if (next === null || next.done === true) return;
      if (!(next.value instanceof Uint8Array)) throw new TypeError("A stream of media gives bytes.");
      yield next.value;
    }
  } finally {
    cancelled.stop();
    // Not awaited: a stream that hangs does not end either. Whatever it still says concerns nobody.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** Null as soon as the signal is aborted. */
function whenAborted(signal: AbortSignal | undefined): {
  readonly promise: Promise<null>;
  stop(): void;
} {
  let wake = (): void => undefined;
  const promise = new Promise<null>((resolve) => {
    wake = () => resolve(null);
  });
  signal?.addEventListener("abort", wake, { once: true });
  return { promise, stop: () => signal?.removeEventListener("abort", wake) };
}
