import { randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Socket } from "node:net";

/** A way to Chromium's DevTools protocol: a socket's path, and what a request says to be let in. */
export interface CdpDoor {
  readonly socketPath: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface CdpAnswer {
  readonly status: number;
  readonly body: string;
}

export interface CdpSession {
  call(method: string, params?: object): Promise<Record<string, unknown>>;
  /** What an expression comes to in the page; promises are waited for. */
  evaluate(expression: string): Promise<unknown>;
  close(): void;
}

export function askCdp(door: CdpDoor, path: string, method = "GET"): Promise<CdpAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...door, path, method }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on("error", reject).end();
  });
}

/** Opens a page at an address, loaded, and talks to it as any client of the protocol does. */
export async function openPage(door: CdpDoor, address: string): Promise<CdpSession> {
  const { body } = await askCdp(door, "/json/new?about:blank", "PUT");
  const { webSocketDebuggerUrl } = JSON.parse(body);
  const session = talk(await upgrade(door, new URL(webSocketDebuggerUrl).pathname));
  await session.call("Page.enable");
  const loaded = session.next("Page.loadEventFired");
  await session.call("Page.navigate", { url: address });
  await loaded;
  return session;
}

function upgrade(door: CdpDoor, path: string): Promise<Socket> {
  const headers = {
    ...door.headers,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
  };
  return new Promise((resolve, reject) => {
    const asked = request({ ...door, path, headers });
    asked.on("upgrade", (_, socket) => resolve(socket as Socket));
    asked.on("response", ({ statusCode }) => reject(new Error(`no upgrade: ${statusCode}`)));
    asked.on("error", reject).end();
  });
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

function talk(socket: Socket) {
  const answers = new Map<number, (message: Message) => void>();
  const events = new Map<string, () => void>();
  let lastId = 0;
  let data = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    data = Buffer.concat([data, chunk]);
    for (let frame = takeFrame(data); frame !== null; frame = takeFrame(data)) {
      data = data.subarray(frame.end);
      const message: Message = JSON.parse(frame.text);
      if (message.id !== undefined) answers.get(message.id)?.(message);
      if (message.method !== undefined) events.get(message.method)?.();
    }
  });

  async function call(method: string, params: object = {}): Promise<Record<string, unknown>> {
    lastId += 1;
    const answered = new Promise<Message>((resolve) => answers.set(lastId, resolve));
    socket.write(textFrame(JSON.stringify({ id: lastId, method, params })));
    const { result, error } = await answered;
    if (result === undefined) throw new Error(`${method}: ${error?.message}`);
    return result;
  }

  return {
    call,
    next: (method: string) => new Promise<void>((resolve) => events.set(method, resolve)),
    evaluate: async (expression: string) => {
      const options = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await call("Runtime.evaluate", options);
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return Object(result).value;
    },
    close: () => socket.destroy(),
  };
}

/** A frame of RFC 6455 whose mask is zero. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const size = Buffer.alloc(10);
  size.set([0x81, 0xff]);
  size.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([size, Buffer.alloc(4), payload]);
}

/** The first whole frame of what came: Chromium sends each message as one. */
function takeFrame(data: Buffer): { readonly text: string; readonly end: number } | null {
  if (data.length < 2) return null;
  const short = data.readUInt8(1) & 127;
  const start = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (data.length < start) return null;
  const length =
    short === 127 ? Number(data.readBigUInt64BE(2)) : short === 126 ? data.readUInt16BE(2) : short;
  const end = start + length;
  return data.length < end ? null : { text: data.toString("utf8", start, end), end };
}
