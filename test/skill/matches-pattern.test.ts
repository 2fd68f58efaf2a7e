import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesPattern } from "../../src/skill/matches-pattern.ts";
import { selectByPatterns } from "../../src/skill/select-by-patterns.ts";

describe("a pattern", () => {
  test.each([
    ["notes", "notes", true],
    ["notes", "note", false],
    ["notes-old", "notes*", true],
    ["my-notes", "notes*", false],
    ["notes", "n?tes", true],
    ["ntes", "n?tes", false],
    ["", "*", true],
    ["", "?", false],
    ["a.b", "a.b", true],
    ["axb", "a.b", false],
    ["aab", "a*ab", true],
    ["a[b]", "a[b]", true],
  ])("%s fits %s: %s", (name, pattern, fits) => {
    expect(matchesPattern(name, pattern)).toBe(fits);
  });

  test("means what the same regular expression means", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 }), letters, (name, pattern) => {
        const expression = pattern.replaceAll("*", ".*").replaceAll("?", ".");
        expect(matchesPattern(name, pattern)).toBe(new RegExp(`^${expression}$`).test(name));
      }),
      { numRuns: 2_000 },
    );
  });

  test("of many stars ends", () => {
    expect(matchesPattern("a".repeat(200), `${"*a".repeat(100)}b`)).toBe(false);
  });
});

test("patterns take and take away in their order, and those that fit nothing are told", () => {
  const skills = ["docx", "notes", "notes-old", "pdf"].map((name) => ({ name }));
  const select = (...patterns: string[]) => {
    const { selected, unused } = selectByPatterns(skills, patterns);
    return [selected.map(({ name }) => name), unused];
  };
  expect(select("*")).toEqual([["docx", "notes", "notes-old", "pdf"], []]);
  expect(select("notes*", "!notes-old")).toEqual([["notes"], []]);
  expect(select("!notes-old", "notes*")).toEqual([["notes", "notes-old"], []]);
  expect(select("*", "!n*", "notes", "none")).toEqual([["docx", "notes", "pdf"], ["none"]]);
  expect(select("!pdf")).toEqual([[], []]);
});
