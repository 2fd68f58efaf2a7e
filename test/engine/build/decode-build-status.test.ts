import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBuildStatus } from "../../../src/engine/build/decode-build-status.ts";
import { encodeBuildStatus } from "../../support/encode-build-status.ts";

test("what Docker 20.10.24 sent for a failed step", () => {
  const sent =
    "Cp4CCkdzaGEyNTY6M2M5Yjk1MWFmY2Q0YTAyNDgwZDcwMjc3MzhlMzI2OWMxYzk5ODRlNGQ1M2Y0NjlmODhiOTEyNzkzMjEyYzA4ZRJHc2hh" +
    "MjU2OjMyZDU1OGUxZDdhYzcxOTUzZTM4ZjZhNjExNmI2NmQ1N2JmYTdjY2Q5ZmYyMmNkNzYyZjNlYTcxMmVlNmZkM2EaJltzdGFnZS0xIDMv" +
    "M10gUlVOIGVjaG8gYmFkID4mMjsgZXhpdCA3KgwIgcGI2AYQprqc5wIyCwiCwYjYBhCRpuUdOkdleGVjdXRvciBmYWlsZWQgcnVubmluZyBb" +
    "L2Jpbi9zaCAtYyBlY2hvIGJhZCA+JjI7IGV4aXQgN106IGV4aXQgY29kZTogNw==";
  expect(decodeBuildStatus(sent)).toEqual({
    vertexes: [
      {
        digest: "sha256:3c9b951afcd4a02480d7027738e3269c1c9984e4d53f469f88b912793212c08e",
        name: "[stage-1 3/3] RUN echo bad >&2; exit 7",
        cached: false,
        started: expect.closeTo(1_795_301_505.753, 2),
        completed: expect.closeTo(1_795_301_506.062, 2),
        error: "executor failed running [/bin/sh -c echo bad >&2; exit 7]: exit code: 7",
      },
    ],
    transfers: [],
    logs: [],
  });
});

const text = fc.string({ unit: "binary" });
const seconds = fc.option(fc.integer({ min: 0, max: 4_000_000_000 }));
const count = fc.maxSafeNat();
const status = fc.record({
  vertexes: fc.array(
    fc.record({
      digest: text,
      name: text,
      cached: fc.boolean(),
      started: seconds,
      completed: seconds,
      error: text,
    }),
  ),
  transfers: fc.array(fc.record({ id: text, vertex: text, name: text, current: count, total: count })),
  logs: fc.array(fc.record({ vertex: text, text: fc.uint8Array() })),
});

test("every status comes back as it was encoded", () => {
  fc.assert(
    fc.property(status, (value) => {
      const decoded = decodeBuildStatus(encodeBuildStatus(value));
      const logs = decoded.logs.map((log) => ({ ...log, text: Uint8Array.from(log.text) }));
      expect({ ...decoded, logs }).toEqual({
        ...value,
        logs: value.logs.map((log) => ({ ...log, text: Uint8Array.from(log.text) })),
      });
    }),
  );
});

describe("bytes that are no status", () => {
  test("give a value or a RangeError, and never hang", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeBuildStatus(Buffer.from(bytes).toString("base64"));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  test.each([
    [[0x0a, 0x05, 0x01], "longer than its message"],
    [[0x0a, 0xff], "cut short"],
    [Array.from({ length: 12 }, () => 0xff), "does not end"],
    [[0x0b], "wire type 3"],
  ])("%j: %s", (bytes, problem) => {
    expect(() => decodeBuildStatus(Buffer.from(bytes).toString("base64"))).toThrow(problem);
  });

  test("fields that a newer engine adds are passed over", () => {
    const added = Buffer.from([0x78, 0x01, 0x7d, 1, 2, 3, 4, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7a, 0x01, 0x41]);
    expect(decodeBuildStatus(added.toString("base64"))).toEqual({ vertexes: [], transfers: [], logs: [] });
  });
});
