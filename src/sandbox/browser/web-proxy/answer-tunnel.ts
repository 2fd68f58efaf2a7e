import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { endWith } from "../doors/end-with.ts";
import { spliceSockets } from "../doors/splice-sockets.ts";
import { parseAuthority } from "./parse-destination.ts";
import { type Reached, reachDestination, type WebGround } from "./reach-destination.ts";
import { answerUnreached, answerUnread, formatAnswer, type WebAnswer } from "./web-answer.ts";
import type { WebEvent } from "./web-event.ts";
import type { UpstreamProxy } from "./web-policy.ts";

/** Answers a CONNECT: `head` is what came behind it. */
export async function answerTunnel(
  { url = "", socket: client }: IncomingMessage,
  head: Buffer,
  ground: WebGround,
  tell: (event: WebEvent) => void,
): Promise<void> {
  const gone = new AbortController();
  client.once("close", () => gone.abort());
  client.on("error", () => client.destroy());
  const refuse = (answer: WebAnswer): void => {
    tell(answer.event);
    endWith(client, formatAnswer(answer));
  };
  const parsed = parseAuthority(url);
  if (!parsed.ok) return refuse(answerUnread(url, parsed.rule));
  const { destination } = parsed;
  const { upstream } = ground.policy;
  let reached = await reachDestination(destination, ground, gone.signal);
  if (reached.kind === "open" && upstream !== null) {
    reached = await askUpstream(reached.socket, url, upstream, ground.limits.connectTimeoutMs);
  }
  if (reached.kind !== "open") return refuse(answerUnreached(destination, reached));
  client.write("HTTP/1.1 200 Connection established\r\n\r\n");
  if (head.length > 0) reached.socket.write(head);
  spliceSockets(client, reached.socket, ground.limits.idleTimeoutMs);
}

/** Asks the upstream proxy for the same tunnel. */
function askUpstream(
  socket: Socket,
  authority: string,
  { authorization }: UpstreamProxy,
  timeoutMs: number,
): Promise<Reached> {
  return new Promise((resolve) => {
    const fail = (reason: string): void => {
      socket.destroy();
      resolve({ kind: "failed", reason });
    };
    const asked = httpRequest({
      createConnection: () => socket,
      method: "CONNECT",
      path: authority,
      headers: {
        host: authority,
        ...(authorization === null ? {} : { "proxy-authorization": authorization }),
      },
      timeout: timeoutMs,
    });
    asked.on("connect", ({ statusCode = 0 }, _socket, head) => {
      if (statusCode < 200 || statusCode > 299) return fail(`the upstream proxy answers ${statusCode}`);
      if (head.length > 0) socket.unshift(head);
      resolve({ kind: "open", socket });
    });
    asked.on("response", ({ statusCode = 0 }) => fail(`the upstream proxy answers ${statusCode}`));
    asked.on("timeout", () => fail("the upstream proxy does not answer"));
    asked.on("error", () => fail("the upstream proxy has closed the connection"));
    asked.end();
  });
}
