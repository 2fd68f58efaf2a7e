import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { noSpace, protocolError, refusal, saysNoSpace } from "./engine-error.ts";
import { type EngineLink, openDocker } from "./engine-link.ts";
import { failureOf, followMessages } from "./follow-messages.ts";
import { isImageId } from "./image-name.ts";

/**
 * Makes an image from a root file system; `changes` are Dockerfile instructions such as `CMD ["bash"]`. Gives the
 * image's id. Where the tar stream itself fails, its own error is thrown.
 */
export async function importRoot(
  link: EngineLink,
  tar: Readable,
  changes: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const doing = "import a root file system";
  const source = new AbortController();
  const watching = finished(tar, { writable: false }).catch((error: unknown) => source.abort(error));
  const abort = signal === undefined ? source.signal : AbortSignal.any([signal, source.signal]);
  const open = async (abortSignal: AbortSignal) =>
    (await openDocker(link)).importImage(tar, { changes, abortSignal });
  let id: string | null = null;
  try {
    for await (const message of followMessages(link, { doing, open, signal: abort })) {
      const failure = failureOf(message);
      if (failure !== null) throw saysNoSpace(failure) ? noSpace(failure) : refusal(500, failure, doing);
      if (typeof message["status"] === "string" && isImageId(message["status"])) id = message["status"];
    }
  } catch (error) {
    throw source.signal.aborted && !signal?.aborted ? source.signal.reason : error;
  } finally {
    tar.destroy();
    await watching;
  }
  if (id === null) throw protocolError(doing, "the engine names no image");
  return id;
}
