import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { listen } from "../../../support/listen.ts";

/** Says `greeting`, then gives back what it gets. */
export function echo(greeting: string): Server {
  return createServer({ allowHalfOpen: true }, (socket) => {
    socket.write(greeting);
    socket.pipe(socket);
  });
}

export interface FakeNoVnc {
  readonly server: Server;
  /** Every request that came. */
  readonly requests: IncomingMessage[];
}

/** What websockify does: one page, and a WebSocket that gives bytes back; with headers that nobody should pass on. */
export function fakeNoVnc(): FakeNoVnc {
  const requests: IncomingMessage[] = [];
  const server = createHttpServer((request, response) => {
    requests.push(request);
    if (request.url === "/elsewhere") {
      response.writeHead(302, { location: "http://example.com/" }).end();
      return;
    }
    response.writeHead(request.url === "/vnc.html" ? 200 : 404, {
      "content-type": "text/html",
      "set-cookie": "other=1; Path=/",
      "clear-site-data": '"cookies"',
      "content-security-policy": "script-src *",
      refresh: "0; url=http://example.com/",
    });
    response.end("<title>noVNC</title>");
  });
  server.on("upgrade", (request, socket, head) => {
    requests.push(request);
    const key = request.headers["sec-websocket-key"] ?? "";
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSet-Cookie: other=1\r\n\r\nRFB 003.008\n`,
    );
    if (head.length > 0) socket.write(head);
    socket.pipe(socket);
  });
  return { server, requests };
}

export async function listenIn(folder: string, name: string, server: Server): Promise<void> {
  await listen(server, join(folder, name));
}

/** A connection to a port of 127.0.0.1, or to a socket. */
export async function dial(at: number | string): Promise<Socket> {
  const socket = typeof at === "number" ? connect({ host: "127.0.0.1", port: at }) : connect(at);
  socket.on("error", () => socket.destroy());
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, "connect");
  return socket;
}

/** Everything until the other side ends. */
export async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (part) => {
    text += part.toString("latin1");
  });
  socket.resume();
  if (!socket.closed) await once(socket, "close");
  return text;
}

/** What came up to `end`; the rest is still to be read. */
export function readUntil(socket: Socket, end: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const take = (part: Buffer): void => {
      text += part.toString("latin1");
      if (!text.includes(end)) return;
      const length = text.indexOf(end) + end.length;
      socket.off("data", take);
      socket.pause();
      if (length < text.length) socket.unshift(Buffer.from(text.slice(length), "latin1"));
      resolve(text.slice(0, length));
    };
    socket.on("data", take).resume();
    socket.once("close", () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
  });
}
