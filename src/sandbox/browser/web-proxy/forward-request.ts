import {
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import { type ParsedTarget, parseAbsoluteTarget } from "./parse-destination.ts";
import { reachDestination, type WebGround } from "./reach-destination.ts";
import { answerHeaders, answerUnreached, answerUnread, type WebAnswer } from "./web-answer.ts";
import type { WebEvent } from "./web-event.ts";

type Target = Extract<ParsedTarget, { ok: true }>;

/** Answers a request in absolute form (`GET http://host/path`) with what its destination answers. */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  ground: WebGround,
  tell: (event: WebEvent) => void,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const refuse = (answer: WebAnswer): void => {
    tell(answer.event);
    request.resume();
    if (response.headersSent) response.destroy();
    else response.writeHead(answer.status, answerHeaders(answer)).end(`${answer.text}\n`);
  };
  const { url = "" } = request;
  const target = parseAbsoluteTarget(url);
  if (!target.ok) return refuse(answerUnread(url, target.rule));
  const reached = await reachDestination(target.destination, ground, gone.signal);
  if (reached.kind !== "open") return refuse(answerUnreached(target.destination, reached));
  const fail = (reason: string): void => {
    if (!gone.signal.aborted) refuse(answerUnreached(target.destination, { kind: "failed", reason }));
  };
  passOn({ request, response, target, socket: reached.socket, ground, fail });
}

interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Target;
  readonly socket: Socket;
  readonly ground: WebGround;
  readonly fail: (reason: string) => void;
}

/** One connection for one request. */
function passOn({ request, response, target, socket, ground, fail }: Passage): void {
  const { upstream } = ground.policy;
  const forwarded = httpRequest({
    createConnection: () => socket,
    ...(request.method === undefined ? {} : { method: request.method }),
    path: upstream === null ? target.path : `http://${target.authority}${target.path}`,
    headers: {
      ...endToEnd(request),
      host: target.authority,
      ...(upstream === null || upstream.authorization === null
        ? {}
        : { "proxy-authorization": upstream.authorization }),
      // Its length is not known, so it is sent as it came.
      ...(request.headers["transfer-encoding"] === undefined ? {} : { "transfer-encoding": "chunked" }),
    },
    maxHeaderSize: ground.limits.headBytes,
    timeout: ground.limits.idleTimeoutMs,
  });
  forwarded.on("timeout", () => forwarded.destroy(new Error("idle")));
  forwarded.on("error", () => fail("the connection was closed before an answer"));
  // Nobody has asked for another protocol; without a listener Node would say nothing more.
  forwarded.on("upgrade", () => {
    socket.destroy();
    fail("it answers in another protocol");
  });
  forwarded.on("response", (answer) => {
    const { statusCode = 0 } = answer;
    // Node reads three digits, and writes only those that mean something.
    if (statusCode < 200 || statusCode > 599) {
      forwarded.destroy();
      fail("its answer has no usable status");
      return;
    }
    response.writeHead(statusCode, endToEnd(answer));
    // Whatever ends one of them early ends the other.
    pipeline(answer, response, () => forwarded.destroy());
  });
  response.once("close", () => forwarded.destroy());
  request.pipe(forwarded);
}

/** RFC 9110 §7.6.1, what the `Connection` header names too, and what is the proxy's own. */
function endToEnd({ headers, headersDistinct }: IncomingMessage): OutgoingHttpHeaders {
  const named = (headers.connection ?? "").toLowerCase().split(",");
  const dropped = new Set([...hopByHop, ...named.map((name) => name.trim())]);
  return Object.fromEntries(Object.entries(headersDistinct).filter(([name]) => !dropped.has(name)));
}

const hopByHop = [
  "connection",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
