import { Readable } from "node:stream";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { closeFile, type OpenFile } from "../../host/open-file.ts";
import { readChunks } from "../../host/read-chunks.ts";
import { openFileInside, type ReadFromWorkspaceRequest, type WorkspaceFile } from "./read-from-workspace.ts";
import { reading } from "./workspace-failure.ts";

export interface WorkspaceFileStream extends WorkspaceFile {
  /**
   * Exactly `sizeBytes` bytes. Holds one descriptor until it has ended, failed or been destroyed. Fails with
   * `WORKSPACE_CHANGED` where the file was cut meanwhile, and with `CANCELLED` on the request's signal.
   */
  readonly stream: Readable;
}

/**
 * As {@link readFromWorkspace}, for files that are not to be held in memory: `maxBytes` is 1 GiB by default. What is
 * appended to the file after it was opened is not read.
 */
export async function streamFromWorkspace(request: ReadFromWorkspaceRequest): Promise<WorkspaceFileStream> {
  const { maxBytes = defaultMaxStreamBytes, signal } = request;
  const { file, ...found } = openFileInside({ ...request, maxBytes });
  return { ...found, stream: toStream(file, found.insidePath, signal) };
}

const defaultMaxStreamBytes = 1024 ** 3;

function toStream(file: OpenFile, insidePath: string, signal: AbortSignal | undefined): Readable {
  const chunks = chunksOf(file, insidePath, signal);
  let pending: Promise<unknown> = Promise.resolve();
  return new Readable({
    ...(signal === undefined ? {} : { signal }),
    read() {
      pending = chunks.next().then(
        ({ value }) => this.push(value ?? null),
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      // Not before the read that is under way has ended: the descriptor's number may be another file's by then.
      void pending.finally(() => {
        closeFile(file);
        done(error);
      });
    },
  });
}

async function* chunksOf(
  file: OpenFile,
  insidePath: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, undefined, undefined> {
  const all = readChunks(file, file.sizeBytes, signal);
  for (let left = file.sizeBytes; left > 0; ) {
    const { value } = await reading(insidePath, () => all.next());
    if (value === undefined) throw cut(insidePath);
    // It may have grown by then: what was there when it was opened is what was promised.
    yield value.subarray(0, left);
    left -= value.length;
  }
}

function cut(insidePath: string): SkillcrateError {
  return new SkillcrateError("WORKSPACE_CHANGED", `${quoteValue(insidePath)} was cut while it was read.`, {
    hint: "Read it again.",
  });
}
