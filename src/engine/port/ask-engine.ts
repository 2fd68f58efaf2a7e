import { IncomingMessage } from "node:http";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { connectionError, protocolError, refusal, wentAway } from "./engine-error.ts";
import type { EngineLink } from "./engine-link.ts";
import { type EngineState, guardSilence } from "./guard-silence.ts";

export interface EngineRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: object;
  /** Completes "cannot …" in an error message, e.g. `inspect image "debian"`. */
  readonly doing: string;
  /** `prompt`: an answer is due within the link's deadline. `patient`: it may take as long as the engine is alive. */
  readonly pace: "prompt" | "patient";
  /** Statuses of 400 and more that are an answer here and not an error. */
  readonly tolerate?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

export interface EngineAnswer {
  readonly status: number;
  /** Parsed JSON; null where the engine sent none. */
  readonly body: unknown;
}

/**
 * Sends one request and reads its whole answer. It goes through the `dial` of dockerode's transport, because the methods above it
 * neither take an abort signal everywhere nor bound what they buffer, and pass cut JSON on as bytes.
 */
export async function askEngine(link: EngineLink, request: EngineRequest): Promise<EngineAnswer> {
  const { doing } = request;
  const ask = request.pace === "patient" ? () => askEngineState(link) : null;
  const guard = guardSilence(link, doing, request.signal, ask);
  try {
    const response = await dial(link, request, guard.signal).catch((error: unknown) => {
      throw guard.signal.aborted ? guard.signal.reason : connectionError(error, link, doing);
    });
    const text = await readBody(response, doing).catch(async (error: unknown) => {
      throw guard.signal.aborted ? guard.signal.reason : await brokenAnswer(error, link, doing);
    });
    const status = response.statusCode ?? 0;
    if (status >= 400 && !request.tolerate?.includes(status)) throw refusal(status, messageOf(text), doing);
    return { status, body: parseBody(text, doing) };
  } finally {
    guard.release();
  }
}

/** Asks for something that may not be there: status 404 is an answer. */
export function askWhetherThere(
  link: EngineLink,
  path: string,
  doing: string,
  signal?: AbortSignal,
): Promise<EngineAnswer> {
  return askEngine(link, { method: "GET", path, doing, pace: "prompt", tolerate: [404], signal });
}

/** Whether the engine answers at all, within half of the link's deadline. */
export async function askEngineState(link: EngineLink): Promise<EngineState> {
  const doing = "ping the engine";
  const guard = guardSilence({ ...link, deadlineMs: link.deadlineMs / 2 }, doing, undefined, null);
  try {
    const response = await dial(link, { method: "GET", path: "/_ping" }, guard.signal);
    await readBody(response, doing);
    return response.statusCode === 200 ? "alive" : "silent";
  } catch (error) {
    // Whatever went wrong, it is not alive; the request that asks has its own error to tell.
    const code = error instanceof Error && "code" in error ? error.code : null;
    return code === "ECONNREFUSED" || code === "ENOENT" ? "gone" : "silent";
  } finally {
    guard.release();
  }
}

/** A connection that broke in the middle of an answer: the engine went away, or it cannot finish a sentence. */
export async function brokenAnswer(error: unknown, link: EngineLink, doing: string): Promise<Error> {
  if (error instanceof SkillcrateError) return error;
  if ((await askEngineState(link)) === "alive")
    return protocolError(doing, "the engine's answer broke off", error);
  return wentAway(error, link, doing);
}

function dial(
  link: EngineLink,
  request: Pick<EngineRequest, "method" | "path" | "query" | "body">,
  abortSignal: AbortSignal,
): Promise<IncomingMessage> {
  const { method, query = {}, body = {} } = request;
  // docker-modem adds the query where the path asks for it, and else cuts the last character off.
  const path = Object.keys(query).length === 0 ? request.path : `${request.path}?`;
  const options = { method, path, abortSignal, isStream: true, statusCodes: everyStatus };
  return new Promise((resolve, reject) => {
    link.modem.dial({ ...options, options: { _query: query, _body: body } }, (error, response) => {
      if (response instanceof IncomingMessage) resolve(response);
      else reject(error);
    });
  });
}

/** The whole of an answer; throws `ENGINE_PROTOCOL` where it does not end. */
export async function readBody(response: IncomingMessage, doing: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBodyBytes) throw protocolError(doing, "the engine's answer does not end");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseBody(text: string, doing: string): unknown {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw protocolError(doing, "the engine's answer is not JSON", error);
  }
}

/** Errors come as `{"message": …}`; whatever else comes is taken as it is. */
export function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text);
    return typeof message === "string" ? message : text;
  } catch {
    // Not JSON: a proxy or something else speaks; its own words say most.
    return text;
  }
}

// `images/json` of an engine with 10,000 images is 6 MB.
const longestBodyBytes = 32 * 1024 * 1024;

/** docker-modem turns any status that is not listed as `true` into an error of its own. */
export const everyStatus = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [index + 100, true]));
