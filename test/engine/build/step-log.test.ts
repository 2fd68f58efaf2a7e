import fc from "fast-check";
import { expect, test } from "vitest";
import { createStepLog } from "../../../src/engine/build/step-log.ts";

function linesOf(...pieces: readonly (string | Uint8Array)[]): string[] {
  const log = createStepLog();
  const encoder = new TextEncoder();
  const written = pieces.flatMap((piece) => [
    ...log.write(typeof piece === "string" ? encoder.encode(piece) : piece),
  ]);
  return [...written, ...log.end()];
}

test("lines come whole, however the output is cut", () => {
  const text = "eins\nzwölf 🦀\n\nEnde";
  const bytes = new TextEncoder().encode(text);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const pieces = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
      expect(linesOf(...pieces)).toEqual(["eins", "zwölf 🦀", "Ende"]);
    }),
  );
});

test("colours go, tabs become spaces, a line that was drawn over is shown as it ended", () => {
  expect(linesOf("\u001b[91mE: broken\u001b[0m\n")).toEqual(["E: broken"]);
  expect(linesOf("a\tb\n")).toEqual(["a    b"]);
  expect(linesOf("10%\r55%\r100%\n", "next\r\n")).toEqual(["100%", "next"]);
});

test("what is left of escapes, and what turns text round, is shown escaped", () => {
  expect(linesOf("\u0007bell \u202egnp.exe\u200b\n")).toEqual(["\\u0007bell \\u202egnp.exe\\u200b"]);
  expect(linesOf("\u001b]0;title\u0007rest\n").join()).not.toMatch(/\p{Cc}/u);
  expect(linesOf(Uint8Array.of(0xff, 0x41, 0x0a))).toEqual(["\ufffdA"]);
});

test("the last 50 lines are kept", () => {
  const log = createStepLog();
  for (let number = 1; number <= 200; number += 1) log.write(new TextEncoder().encode(`line ${number}\n`));
  expect(log.tail()).toHaveLength(50);
  expect(log.tail().at(0)).toBe("line 151");
  expect(log.tail().at(-1)).toBe("line 200");
});

test("a line without an end stays bounded", () => {
  const log = createStepLog();
  for (let count = 0; count < 100; count += 1)
    expect(log.write(new Uint8Array(100_000).fill(0x61))).toEqual([]);
  expect(log.end()).toEqual(["a".repeat(4096)]);
});
