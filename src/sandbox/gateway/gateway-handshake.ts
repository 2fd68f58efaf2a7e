import { createHash } from "node:crypto";

/** What came back on the connection over which {@link handshakeBytes} were sent. */
export interface GatewayAnswer {
  /** `http`: a status line came; `tls`: the other side speaks TLS; `none`: it closed without a word; `other`: anything else. */
  readonly spoke: "http" | "tls" | "none" | "other";
  /** Of the answer to the upgrade; 101 where the other side is a WebSocket. Null unless it spoke HTTP. */
  readonly status: number | null;
  /** The answer to `connect`; null where none came. */
  readonly connect: { readonly ok: boolean; readonly code: string; readonly message: string } | null;
  /** The close frame; null where none came. */
  readonly close: { readonly code: number; readonly reason: string } | null;
}

/** Constant: nothing is hidden by it, and an answer to it is always the same. */
const upgradeKey = Buffer.from("skillcrate-probe").toString("base64");

/**
 * A WebSocket upgrade and the gateway's first request, as one piece: a gateway reads the second as soon as it has answered
 * the first. `token` is the one that a client inside would send; null: none.
 *
 * The request is the `connect` of the gateway protocol, for all versions of it, as a client without a device identity.
 */
export function handshakeBytes(target: {
  readonly host: string;
  readonly port: number;
  readonly token: string | null;
}): Buffer {
  const upgrade = [
    "GET / HTTP/1.1",
    `Host: ${target.host}:${target.port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${upgradeKey}`,
    "",
    "",
  ].join("\r\n");
  const request = {
    type: "req",
    id: "skillcrate",
    method: "connect",
    params: {
      minProtocol: 1,
      maxProtocol: 99,
      client: { id: "openclaw-probe", version: "1", platform: "linux", mode: "probe" },
      role: "operator",
      scopes: ["operator.read"],
      ...(target.token === null ? {} : { auth: { token: target.token } }),
    },
  };
  return Buffer.concat([Buffer.from(upgrade, "latin1"), textFrame(JSON.stringify(request))]);
}

/** A client's frame is masked; zeroes are a mask too. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const length = payload.length;
  const head = length < 126 ? [0x81, 0x80 | length] : [0x81, 0x80 | 126, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
}

/** Reads all that came back. It is the word of whoever listens there: nothing in it is trusted, and it may be cut anywhere. */
export function readGatewayAnswer(bytes: Buffer): GatewayAnswer {
  const nothing = { status: null, connect: null, close: null };
  if (bytes.length === 0) return { spoke: "none", ...nothing };
  // A TLS record: alert (21) or handshake (22), version 3.x.
  if ((bytes[0] === 21 || bytes[0] === 22) && bytes[1] === 3) return { spoke: "tls", ...nothing };
  const head = /^HTTP\/1\.[01] (\d{3})/.exec(bytes.subarray(0, 64).toString("latin1"));
  if (head === null) return { spoke: "other", ...nothing };
  const status = Number(head[1]);
  const end = bytes.indexOf("\r\n\r\n");
  if (status !== 101 || end === -1) return { spoke: "http", ...nothing, status };
  if (!isOurUpgrade(bytes.subarray(0, end).toString("latin1")))
    return { spoke: "http", ...nothing, status: 200 };
  const frames = [...readFrames(bytes.subarray(end + 4))];
  const messages = frames.filter(({ opcode }) => opcode === 1).map(({ payload }) => parseMessage(payload));
  const closed = frames.find(({ opcode, payload }) => opcode === 8 && payload.length >= 2);
  return {
    spoke: "http",
    status,
    connect: messages.find((message) => message !== null) ?? null,
    close:
      closed === undefined
        ? null
        : { code: closed.payload.readUInt16BE(0), reason: closed.payload.subarray(2).toString("utf8") },
  };
}

/** A server that answers 101 to everything is no WebSocket: RFC 6455, section 4.2.2. */
function isOurUpgrade(head: string): boolean {
  const expected = createHash("sha1")
    .update(`${upgradeKey}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return /^sec-websocket-accept:[ \t]*(\S+)/im.exec(head)?.[1] === expected;
}

function* readFrames(bytes: Buffer): Iterable<{ readonly opcode: number; readonly payload: Buffer }> {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const opcode = bytes.readUInt8(at) & 0x0f;
    const short = bytes.readUInt8(at + 1) & 0x7f;
    at += 2;
    // 127 is a length of 64 bits, which no answer to a first request has.
    if (short === 127 || (short === 126 && at + 2 > bytes.length)) return;
    const length = short === 126 ? bytes.readUInt16BE(at) : short;
    if (short === 126) at += 2;
    if (at + length > bytes.length) return;
    yield { opcode, payload: bytes.subarray(at, at + length) };
    at += length;
  }
}

/** The answer to our request; null for every other message. */
function parseMessage(payload: Buffer): GatewayAnswer["connect"] {
  const message = parseObject(payload.toString("utf8"));
  if (message["type"] !== "res" || message["id"] !== "skillcrate") return null;
  const error = asObject(message["error"]);
  return { ok: message["ok"] === true, code: textOf(error["code"]), message: textOf(error["message"]) };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};

const textOf = (value: unknown): string => (typeof value === "string" ? value.slice(0, 500) : "");
