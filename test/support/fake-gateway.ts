import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

export interface FakeGatewayOptions {
  /** Address that it listens at. */
  readonly host: string;
  /** Null: it asks for none. */
  readonly token: string | null;
  /** Whether it wants a device to be paired even with the right token. */
  readonly pairing?: boolean;
  /** Certificate and key, for one that speaks TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface FakeGateway {
  readonly port: number;
  /** Bodies of the `connect` requests that came, in order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A gateway as far as its handshake: upgrade, challenge, `connect`, verdict. */
export async function startFakeGateway(options: FakeGatewayOptions): Promise<FakeGateway> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
  server.on("request", (_, response) => response.writeHead(426).end("upgrade"));
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request, socket: Socket, head: Buffer) => {
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.write(
      frame(1, JSON.stringify({ type: "event", event: "connect.challenge", payload: { nonce: "n" } })),
    );
    let pending = head;
    const read = (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      const text = readFrame(pending);
      if (text === null) return;
      requests.push(text);
      judge(socket, text, options);
    };
    read(Buffer.alloc(0));
    socket.on("data", read);
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject).listen(0, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function judge(socket: Socket, text: string, { token, pairing = false }: FakeGatewayOptions): void {
  const { id, params } = JSON.parse(text) as { id: string; params: { auth?: { token?: string } } };
  const given = params.auth?.token ?? null;
  const refusal =
    token !== null && given !== token
      ? {
          code: "INVALID_REQUEST",
          message: `unauthorized: gateway token ${given === null ? "missing" : "mismatch"}`,
        }
      : pairing
        ? { code: "NOT_PAIRED", message: "pairing required" }
        : null;
  const answer =
    refusal === null
      ? { ok: true, payload: { type: "hello-ok", protocol: 3 } }
      : { ok: false, error: refusal };
  socket.write(frame(1, JSON.stringify({ type: "res", id, ...answer })));
  if (refusal === null) return;
  const reason = Buffer.concat([Buffer.from([1008 >> 8, 1008 & 0xff]), Buffer.from(refusal.message)]);
  socket.end(frame(8, reason));
}

function frame(opcode: number, payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload as string);
  const length = bytes.length < 126 ? [bytes.length] : [126, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...length]), bytes]);
}

/** The text of the first whole frame of a client; null where it is not whole yet. */
function readFrame(bytes: Buffer): string | null {
  if (bytes.length < 6) return null;
  const short = bytes.readUInt8(1) & 0x7f;
  const start = short === 126 ? 8 : 6;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < start + length) return null;
  const mask = bytes.subarray(start - 4, start);
  return Buffer.from(
    bytes.subarray(start, start + length).map((byte, at) => byte ^ (mask[at % 4] ?? 0)),
  ).toString();
}
