import type { BuildStatus } from "../../src/engine/build/decode-build-status.ts";

/** The other direction of `decodeBuildStatus`, with the field numbers of BuildKit's control.proto. */
export function encodeBuildStatus(status: Partial<BuildStatus>): string {
  const vertexes = (status.vertexes ?? []).map((vertex) =>
    message(1, [
      text(1, vertex.digest),
      text(2, "sha256:an-input"),
      text(3, vertex.name),
      varint(4, vertex.cached ? 1 : 0),
      ...time(5, vertex.started),
      ...time(6, vertex.completed),
      text(7, vertex.error),
    ]),
  );
  const transfers = (status.transfers ?? []).map((transfer) =>
    message(2, [
      text(1, transfer.id),
      text(2, transfer.vertex),
      text(3, transfer.name),
      varint(4, transfer.current),
      varint(5, transfer.total),
    ]),
  );
  const logs = (status.logs ?? []).map((log) =>
    message(3, [text(1, log.vertex), varint(3, 1), bytes(4, Buffer.from(log.text))]),
  );
  return Buffer.concat([...vertexes, ...transfers, ...logs]).toString("base64");
}

function message(number: number, fields: readonly Buffer[]): Buffer {
  return bytes(number, Buffer.concat(fields));
}

function time(number: number, seconds: number | null): Buffer[] {
  if (seconds === null) return [];
  const whole = Math.floor(seconds);
  return [message(number, [varint(1, whole), varint(2, Math.round((seconds - whole) * 1e9))])];
}

function text(number: number, value: string): Buffer {
  return bytes(number, Buffer.from(value));
}

function bytes(number: number, value: Buffer): Buffer {
  return Buffer.concat([encodeNumber(number * 8 + 2), encodeNumber(value.length), value]);
}

function varint(number: number, value: number): Buffer {
  return Buffer.concat([encodeNumber(number * 8), encodeNumber(value)]);
}

function encodeNumber(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...out, rest]);
}
