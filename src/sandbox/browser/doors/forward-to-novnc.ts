import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import { spliceSockets } from "./splice-sockets.ts";

/**
 * Asks noVNC for a file, over a connection of its own. It is told nothing of whoever asks, and of its answer only the
 * status, the type and the content are taken. `fail` takes a clause.
 */
export function forwardFile(
  request: IncomingMessage,
  response: ServerResponse,
  socket: Socket,
  headers: Readonly<Record<string, string>>,
  fail: (reason: string) => void,
): void {
  const forwarded = httpRequest({
    createConnection: () => socket,
    method: request.method === "HEAD" ? "HEAD" : "GET",
    path: request.url ?? "/",
    headers: { host: "localhost" },
    timeout: answerTimeoutMs,
  });
  forwarded.on("timeout", () => forwarded.destroy(new Error("silent")));
  forwarded.on("error", () => {
    if (!response.destroyed) fail("the browser's page did not answer");
  });
  // Nobody has asked for another protocol; without a listener Node would say nothing more.
  forwarded.on("upgrade", () => {
    socket.destroy();
    fail("the browser's page answers in another protocol");
  });
  forwarded.on("response", (answer) => {
    const { statusCode = 502 } = answer;
    if (statusCode !== 200) {
      answer.destroy();
      fail(`the browser's page answers ${statusCode}`);
      return;
    }
    const length = answer.headers["content-length"];
    response.writeHead(200, {
      ...headers,
      "content-type": answer.headers["content-type"] ?? "application/octet-stream",
      ...(length === undefined ? {} : { "content-length": length }),
    });
    pipeline(answer, response, () => forwarded.destroy());
  });
  response.once("close", () => forwarded.destroy());
  forwarded.end();
}

/** Passes a WebSocket on to noVNC. Nothing but the WebSocket's own headers goes either way. */
export function forwardUpgrade(
  request: IncomingMessage,
  head: Buffer,
  socket: Socket,
  idleTimeoutMs: number,
  fail: (reason: string) => void,
): void {
  const client = request.socket;
  const forwarded = httpRequest({
    createConnection: () => socket,
    path: "/websockify",
    headers: { host: "localhost", connection: "Upgrade", upgrade: "websocket", ...webSocketHeaders(request) },
    timeout: answerTimeoutMs,
  });
  let isOver = false;
  const refused = (reason: string) => (): void => {
    const isNews = !isOver && !client.destroyed;
    isOver = true;
    socket.destroy();
    if (isNews) fail(reason);
  };
  forwarded.on("timeout", refused("the browser's screen does not answer"));
  forwarded.on("error", refused("the browser's screen did not answer"));
  forwarded.on("response", refused("the browser's screen refuses to be watched"));
  forwarded.on("upgrade", (answer, _socket, first) => {
    forwarded.removeAllListeners("timeout");
    const headers = Object.entries(webSocketHeaders(answer)).map(([name, value]) => `${name}: ${value}\r\n`);
    client.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers.join("")}\r\n`,
    );
    if (first.length > 0) client.write(first);
    if (head.length > 0) socket.write(head);
    spliceSockets(client, socket, idleTimeoutMs);
  });
  client.once("close", () => forwarded.destroy());
  forwarded.end();
}

const answerTimeoutMs = 10_000;

function webSocketHeaders({ headers }: IncomingMessage): Record<string, string> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith("sec-websocket-"));
  return Object.fromEntries(found.map(([name, value]) => [name, String(value)]));
}
