import { expect, test } from "vitest";
import { formatBytes } from "../../src/report/format-bytes.ts";
import { formatCount } from "../../src/report/format-count.ts";
import { formatSeconds } from "../../src/report/format-seconds.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [4210, "4.2 kB"],
  [9_960, "10 kB"],
  [133_400_000, "133 MB"],
  [999_600, "1.0 MB"],
  [2_100_000_000, "2.1 GB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, "0.0 s"],
  [9.94, "9.9 s"],
  [9.96, "10 s"],
  [59.4, "59 s"],
  [59.6, "1 min 00 s"],
  [185, "3 min 05 s"],
])("%d seconds are %s", (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test("counts have their plural", () => {
  expect([0, 1, 2].map((count) => formatCount(count, "skill"))).toEqual(["no skills", "1 skill", "2 skills"]);
  expect(formatCount(2, "binary", "binaries")).toBe("2 binaries");
});
