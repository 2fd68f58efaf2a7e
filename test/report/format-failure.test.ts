import { expect, test } from "vitest";
import { formatFailure } from "../../src/report/format-failure.ts";
import { createStyle } from "../../src/report/style.ts";
import { plainStyle } from "./plain-style.ts";

const failed = {
  severity: "error",
  code: "BUILD_FAILED",
  message: "apt ffmpegg ended with exit code 100",
  hint: "Correct the package\nskillcrate plan",
  places: [{ file: "/w/skills/video/SKILL.md", line: 4, column: 14 }],
  log: ["Reading package lists…", "E: Unable to locate \u001b[31mffmpegg\u0007"],
} as const;

test("shows the skill's own line with a caret, the log and each hint", () => {
  const readLine = (file: string, line: number) =>
    file.endsWith("SKILL.md") && line === 4 ? "\t\t{bins: [ffmpegg]}" : null;
  expect(formatFailure(failed, plainStyle, "/w", readLine).split("\n")).toEqual([
    "error BUILD_FAILED apt ffmpegg ended with exit code 100",
    "  asked for at skills/video/SKILL.md:4:14",
    "  4 │   {bins: [ffmpegg]}",
    "    │              ^",
    "  │ Reading package lists…",
    "  │ E: Unable to locate ffmpegg\\u0007",
    "  → Correct the package",
    "  → skillcrate plan",
  ]);
});

test("does without a line that is gone", () => {
  const lines = formatFailure(failed, plainStyle, "/w", () => null).split("\n");
  expect(lines[1]).toBe("  asked for at skills/video/SKILL.md:4:14");
  expect(lines[2]).toContain("Reading");
});

test("shows five places and the last 50 lines of the log", () => {
  const places = Array.from({ length: 9 }, (_, index) => ({
    file: `/w/${index}/SKILL.md`,
    line: 1,
    column: 1,
  }));
  const log = Array.from({ length: 80 }, (_, index) => `line ${index}`);
  const text = formatFailure({ ...failed, places, log }, plainStyle, "/w", () => null);
  expect(text.match(/asked for at/g)).toHaveLength(5);
  expect(text).toContain("and 4 more");
  expect(text).not.toContain("line 29\n");
  expect(text.match(/│ line/g)).toHaveLength(50);
});

test("of a long line it shows what stands around the value", () => {
  const style = createStyle({ isTTY: true, columns: 60 }, { NO_COLOR: "1" });
  const places = [{ file: "/w/SKILL.md", line: 5, column: 201 }];
  const line = `${"x".repeat(200)}ffmpegg${"y".repeat(200)}`;
  const [, , excerpt = "", caret = ""] = formatFailure({ ...failed, places }, style, "/w", () => line).split(
    "\n",
  );
  expect(excerpt.length).toBeLessThanOrEqual(60);
  expect(excerpt.slice(caret.indexOf("^"))).toMatch(/^ffmpegg/);
});
