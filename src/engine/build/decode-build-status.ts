/** What BuildKit says about a build, decoded: the parts of `moby.buildkit.v1.StatusResponse` that are used here. */
export interface BuildStatus {
  readonly vertexes: readonly BuildVertex[];
  readonly transfers: readonly BuildTransfer[];
  readonly logs: readonly BuildLog[];
}

/** A step of the build; told again whenever something about it changes. */
export interface BuildVertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  /** Seconds since 1970; null: not yet. */
  readonly started: number | null;
  readonly completed: number | null;
  /** Empty: none. */
  readonly error: string;
}

/** How far a part of a step is, e.g. one layer that is fetched; bytes for the kinds that are counted in bytes. */
export interface BuildTransfer {
  readonly id: string;
  readonly vertex: string;
  readonly name: string;
  readonly current: number;
  readonly total: number;
}

export interface BuildLog {
  readonly vertex: string;
  /** May end in the middle of a line or of a character. */
  readonly text: Uint8Array;
}

/**
 * Decodes the base64 text of a `moby.buildkit.trace` message. Only the protobuf wire format is known here, with the
 * field numbers of BuildKit's `control.proto`: dockerode has a decoder, but keeps it to itself. Throws a RangeError
 * where the bytes are cut short or are no protobuf message.
 */
export function decodeBuildStatus(base64: string): BuildStatus {
  const vertexes: BuildVertex[] = [];
  const transfers: BuildTransfer[] = [];
  const logs: BuildLog[] = [];
  for (const { number, bytes } of fields(Buffer.from(base64, "base64"))) {
    if (number === 1) vertexes.push(decodeVertex(bytes));
    if (number === 2) transfers.push(decodeTransfer(bytes));
    if (number === 3) logs.push(decodeLog(bytes));
  }
  return { vertexes, transfers, logs };
}

function decodeVertex(message: Uint8Array): BuildVertex {
  const vertex: Writable<BuildVertex> = {
    digest: "",
    name: "",
    cached: false,
    started: null,
    completed: null,
    error: "",
  };
  for (const { number, value, bytes } of fields(message)) {
    if (number === 1) vertex.digest = textOf(bytes);
    if (number === 3) vertex.name = textOf(bytes);
    if (number === 4) vertex.cached = value !== 0;
    if (number === 5) vertex.started = decodeTime(bytes);
    if (number === 6) vertex.completed = decodeTime(bytes);
    if (number === 7) vertex.error = textOf(bytes);
  }
  return vertex;
}

function decodeTransfer(message: Uint8Array): BuildTransfer {
  const transfer: Writable<BuildTransfer> = { id: "", vertex: "", name: "", current: 0, total: 0 };
  for (const { number, value, bytes } of fields(message)) {
    if (number === 1) transfer.id = textOf(bytes);
    if (number === 2) transfer.vertex = textOf(bytes);
    if (number === 3) transfer.name = textOf(bytes);
    if (number === 4) transfer.current = value;
    if (number === 5) transfer.total = value;
  }
  return transfer;
}

function decodeLog(message: Uint8Array): BuildLog {
  const log: Writable<BuildLog> = { vertex: "", text: nothing };
  for (const { number, bytes } of fields(message)) {
    if (number === 1) log.vertex = textOf(bytes);
    if (number === 4) log.text = bytes;
  }
  return log;
}

/** `google.protobuf.Timestamp` */
function decodeTime(message: Uint8Array): number {
  let seconds = 0;
  for (const { number, value } of fields(message)) {
    if (number === 1) seconds += value;
    if (number === 2) seconds += value / 1e9;
  }
  return seconds;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** One field of a message: `value` of a varint, `bytes` of what has a length; the other one is empty. */
interface Field {
  readonly number: number;
  readonly value: number;
  readonly bytes: Uint8Array;
}

function* fields(message: Uint8Array): Generator<Field> {
  const cursor = { offset: 0 };
  while (cursor.offset < message.length) {
    const key = readVarint(message, cursor);
    const number = Math.floor(key / 8);
    const wireType = key % 8;
    if (wireType === varint) {
      yield { number, value: readVarint(message, cursor), bytes: nothing };
    } else {
      const length = wireType === lengthDelimited ? readVarint(message, cursor) : fixedLengths.get(wireType);
      if (length === undefined) throw new RangeError(`protobuf wire type ${wireType} is not known`);
      const end = cursor.offset + length;
      if (end > message.length) throw new RangeError("a protobuf field is longer than its message");
      yield { number, value: 0, bytes: message.subarray(cursor.offset, end) };
      cursor.offset = end;
    }
  }
}

/** Exact up to 2^53; what is above, which no byte count or time reaches, loses its lowest bits. */
function readVarint(message: Uint8Array, cursor: { offset: number }): number {
  let value = 0;
  let scale = 1;
  for (let count = 0; count < longestVarint; count += 1) {
    const byte = message[cursor.offset];
    if (byte === undefined) throw new RangeError("a protobuf number is cut short");
    cursor.offset += 1;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 0x80;
  }
  throw new RangeError("a protobuf number does not end");
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

const varint = 0;
const lengthDelimited = 2;
const fixedLengths = new Map([
  [1, 8],
  [5, 4],
]);
const longestVarint = 10;
const nothing = new Uint8Array();
