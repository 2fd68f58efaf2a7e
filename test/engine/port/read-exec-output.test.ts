import fc from "fast-check";
import { expect, test } from "vitest";
import { readExecOutput } from "../../../src/engine/port/read-exec-output.ts";

function frame(stream: 1 | 2, text: string): Buffer {
  const content = Buffer.from(text);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(content.length, 4);
  return Buffer.concat([head, content]);
}

test("both streams come apart, however the chunks are cut", () => {
  const bytes = Buffer.concat([frame(1, "out é"), frame(2, "err 🦀"), frame(1, ""), frame(1, " more")]);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const reader = readExecOutput(1000);
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      for (const [index, end] of edges.slice(1).entries()) reader.write(bytes.subarray(edges[index], end));
      expect(reader.result()).toEqual({ stdout: "out é more", stderr: "err 🦀", truncated: false });
    }),
  );
});

test("the limit counts both streams; what is beyond is dropped and told", () => {
  const reader = readExecOutput(6);
  reader.write(Buffer.concat([frame(1, "1234"), frame(2, "5678"), frame(1, "9")]));
  expect(reader.result()).toEqual({ stdout: "1234", stderr: "56", truncated: true });
});

test("output of exactly the limit is whole", () => {
  const reader = readExecOutput(4);
  reader.write(frame(1, "1234"));
  expect(reader.result()).toEqual({ stdout: "1234", stderr: "", truncated: false });
});

test("what is not multiplexed is refused", () => {
  expect(() => readExecOutput(10).write(Buffer.from("plain text"))).toThrow(RangeError);
});
