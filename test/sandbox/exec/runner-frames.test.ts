import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  createFrameReader,
  decodeExit,
  encodeRun,
  tokenBytes,
} from "../../../src/sandbox/exec/runner-frames.ts";

const token = randomBytes(tokenBytes);

function frame(type: string, id: number, content: string | Uint8Array, by: Uint8Array = token): Buffer {
  const bytes = Buffer.from(content);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(id, 0);
  numbers.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([by, Buffer.from(type), numbers, bytes]);
}

describe("a runner's frames", () => {
  test("are the same wherever they are cut", () => {
    const sent = Buffer.concat([frame("O", 1, "é"), frame("E", 2, ""), frame("O", 1, token)]);
    for (let size = 1; size <= sent.length; size += 1) {
      const read = createFrameReader(token);
      const frames = [];
      for (let at = 0; at < sent.length; at += size) frames.push(...read(sent.subarray(at, at + size)));
      expect(frames.map(({ type, id, content }) => [type, id, content.toString("hex")])).toEqual([
        ["O", 1, "c3a9"],
        ["E", 2, ""],
        ["O", 1, token.toString("hex")],
      ]);
    }
  });

  test.each([
    ["another's", frame("X", 1, "", randomBytes(tokenBytes))],
    [
      "something else between two",
      Buffer.concat([frame("O", 1, "x"), Buffer.from("junk\n"), frame("O", 1, "y")]),
    ],
    ["one without an end", Buffer.concat([token, Buffer.from("O\0\0\0\x01\xff\xff\xff\xff", "latin1")])],
  ])("are no frames: %s", (_name, bytes) => {
    expect(() => createFrameReader(token)(bytes)).toThrow(RangeError);
  });

  test("tell a signal from a code with its number", () => {
    const exit = (status: number) => {
      const content = Buffer.alloc(14);
      content.writeUInt32BE(status);
      return decodeExit(content);
    };
    expect(exit(9)).toMatchObject({ exitCode: 137, signalled: true });
    expect(exit(137 << 8)).toMatchObject({ exitCode: 137, signalled: false });
    expect(exit(11 | 0x80)).toMatchObject({ exitCode: 139, signalled: true });
    expect(() => decodeExit(Buffer.alloc(3))).toThrow(RangeError);
  });

  test("say everything with its length in front, and no length is counted in characters", () => {
    const env = { A: "ü" };
    const run = {
      id: 7,
      timeoutMs: 1,
      outputLimitBytes: 2,
      workdir: "",
      command: ["é", ""],
      env,
      stdin: "x",
    };
    expect(encodeRun(run).toString("latin1")).toBe(
      "\0\0\0\x33R\0\0\0\x07\0\0\0\x01\0\0\0\x02\0\0\0\0\0\0\0\x0a\0\0\0\x02Ã©\0\0\0\0\0\0\0\x0b\0\0\0\x01A\0\0\0\x02Ã¼\0\0\0\x01x",
    );
  });
});
