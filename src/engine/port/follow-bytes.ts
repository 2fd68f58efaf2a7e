import type { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { askEngineState, brokenAnswer } from "./ask-engine.ts";
import { connectionError, refusal } from "./engine-error.ts";
import type { EngineLink } from "./engine-link.ts";
import { guardSilence } from "./guard-silence.ts";

export interface StreamRequest {
  /** Completes "cannot …" in an error message. */
  readonly doing: string;
  /** Sends the request, with dockerode; the signal calls it off. */
  readonly open: (abortSignal: AbortSignal) => Promise<NodeJS.ReadableStream>;
  readonly signal: AbortSignal | undefined;
  /** What a status of 400 and more means; a {@link refusal} unless told. */
  readonly refuse?: (status: number, text: string) => SkillcrateError;
}

/**
 * What the engine sends while something runs. It may be quiet for as long as the engine is alive. Whoever stops reading
 * stops the request; the signal makes it throw `CANCELLED`.
 */
export async function* followBytes(link: EngineLink, request: StreamRequest): AsyncGenerator<Uint8Array> {
  const { doing, open, signal } = request;
  const guard = guardSilence(link, doing, signal, () => askEngineState(link));
  try {
    guard.signal.throwIfAborted();
    const stream = await open(guard.signal).catch((error: unknown) => {
      throw openError(error, link, request);
    });
    for await (const chunk of stream) {
      guard.heard();
      yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    }
    // A body that ends with its connection ends without an error when the request is called off.
    guard.signal.throwIfAborted();
  } catch (error) {
    throw guard.signal.aborted ? guard.signal.reason : await brokenAnswer(error, link, doing);
  } finally {
    guard.release();
  }
}

function openError(error: unknown, link: EngineLink, request: StreamRequest): SkillcrateError {
  const { doing, refuse = (status, text) => refusal(status, text, doing) } = request;
  if (!(error instanceof Error && "statusCode" in error && typeof error.statusCode === "number")) {
    return connectionError(error, link, doing);
  }
  // dockerode wraps what the engine said: "(HTTP code 404) no such image - what the engine said ".
  return refuse(error.statusCode, error.message.replace(/^\(HTTP code \d+\) [a-z /]+ - /, "").trim());
}
