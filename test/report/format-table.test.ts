import { describe, expect, test } from "vitest";
import { displayWidth } from "../../src/report/display-width.ts";
import { formatTable } from "../../src/report/format-table.ts";
import { createStyle } from "../../src/report/style.ts";
import { plainStyle } from "./plain-style.ts";

const columns = [
  { title: "name" },
  { title: "what", flexible: true },
  { title: "size", align: "right" },
] as const;

describe("formatTable", () => {
  test("aligns columns, the right-aligned ones at their end", () => {
    expect(
      formatTable(
        columns,
        [
          ["jq", "a filter", "5"],
          ["ripgrep", "search", "1234"],
        ],
        plainStyle,
      ),
    ).toBe(["name     what      size", "jq       a filter     5", "ripgrep  search    1234"].join("\n"));
  });

  test("counts East Asian characters and emoji as two columns, combining marks as none", () => {
    const lines = formatTable(
      columns,
      [
        ["検索", "x", "1"],
        ["🔎", "x", "1"],
        ["e\u0301", "x", "1"],
        ["abcd", "x", "1"],
      ],
      plainStyle,
    ).split("\n");
    expect(new Set(lines.map(displayWidth)).size).toBe(1);
  });

  test("on a terminal every line keeps to its width, and only the flexible column is cut", () => {
    const style = createStyle({ isTTY: true, columns: 40 }, {});
    const lines = formatTable(
      columns,
      [["ripgrep", "a very long description of this tool", "1234"]],
      style,
    ).split("\n");
    expect(lines.every((line) => displayWidth(line) <= 40)).toBe(true);
    expect(lines[1]).toContain("ripgrep");
    expect(lines[1]).toContain("1234");
    expect(lines[1]).toContain("…");
  });

  test("in a pipe nothing is cut", () => {
    const long = "x".repeat(500);
    expect(formatTable(columns, [["a", long, "1"]], plainStyle)).toContain(long);
  });
});
