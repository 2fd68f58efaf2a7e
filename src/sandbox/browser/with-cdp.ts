import type { WebSocket } from "ws";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { parseJson } from "../../host/parse-json.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A browser's DevTools protocol, as much of it as commands need: one question, one answer. */
export interface CdpConnection {
  /**
   * Asks the browser, or what `sessionId` is attached to. Throws `BROWSER_ANSWER_INVALID` where it refuses or says
   * nothing in time, and `BROWSER_ENDED` where the connection is gone.
   */
  send(method: string, params?: Fields, sessionId?: string): Promise<Fields>;
}

/**
 * Runs a task with a connection that ends with it. `endpoint`: `ws://…`; there is a token in it, so it is in no message.
 * Throws `BROWSER_ENDED` and `CANCELLED`.
 */
export async function withCdp<Result>(
  endpoint: string,
  signal: AbortSignal | undefined,
  task: (cdp: CdpConnection) => Promise<Result>,
): Promise<Result> {
  throwIfCancelled(signal);
  const { WebSocket } = await import("ws");
  // It compresses what goes over a loopback interface, and pages are large.
  const socket = new WebSocket(endpoint, { perMessageDeflate: false, maxPayload: maxAnswerBytes });
  const close = () => socket.terminate();
  signal?.addEventListener("abort", close, { once: true });
  try {
    const cdp = await openCdp(socket);
    throwIfCancelled(signal);
    return await task(cdp);
  } catch (error) {
    // To whoever waits for an answer a closed connection is a lost one.
    throwIfCancelled(signal);
    throw error;
  } finally {
    signal?.removeEventListener("abort", close);
    close();
  }
}

async function openCdp(socket: WebSocket): Promise<CdpConnection> {
  const waiting = new Map<number, Waiting>();
  socket.on("message", (data) => settle(waiting, parseJson(String(data))));
  socket.on("close", () => {
    for (const { reject } of waiting.values()) reject(connectionLost());
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.on("error", () => reject(connectionLost()));
    socket.once("close", () => reject(connectionLost()));
  });
  let asked = 0;
  return {
    send: async (method, params = {}, sessionId) => {
      // What is sent on a closed connection is dropped without a word.
      if (socket.readyState !== socket.OPEN) throw connectionLost();
      asked += 1;
      const id = asked;
      const answer = new Promise<Fields>((resolve, reject) => {
        const done =
          <Value>(finish: (value: Value) => void) =>
          (value: Value) => {
            clearTimeout(timer);
            waiting.delete(id);
            finish(value);
          };
        const asker = { method, resolve: done(resolve), reject: done(reject) };
        const timer = setTimeout(() => asker.reject(refused(method, "it says nothing")), answerMs);
        waiting.set(id, asker);
      });
      socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
      return answer;
    },
  };
}

interface Waiting {
  readonly method: string;
  readonly resolve: (answer: Fields) => void;
  readonly reject: (error: unknown) => void;
}

/** A screenshot of a very long page, in base64. */
const maxAnswerBytes = 256 * 2 ** 20;
const answerMs = 30_000;

/** What is no answer is an event, which nobody has asked for. */
function settle(waiting: ReadonlyMap<number, Waiting>, message: unknown): void {
  const fields = asObject(message);
  const asker = waiting.get(Number(ownValue(fields, "id")));
  if (asker === undefined) return;
  const error = asObject(ownValue(fields, "error"));
  if (error === null) asker.resolve(asObject(ownValue(fields, "result")) ?? {});
  else asker.reject(refused(asker.method, String(ownValue(error, "message"))));
}

function refused(method: string, why: string): SkillcrateError {
  return new SkillcrateError("BROWSER_ANSWER_INVALID", `The browser refuses ${method}: ${quoteValue(why)}.`, {
    hint: "See what is open in it: skillcrate sandbox browser status",
  });
}

function connectionLost(): SkillcrateError {
  return new SkillcrateError("BROWSER_ENDED", "The connection to the browser is gone.", {
    hint: "See how it stands: skillcrate sandbox browser status",
  });
}
