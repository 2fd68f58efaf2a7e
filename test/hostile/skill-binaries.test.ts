import { describe, expect, it } from "vitest";
import { quoteValue } from "../../src/diagnostic/quote-value.ts";
import { parseText, shown, withHead } from "../skill/parse-text.ts";
import { hostileBinaries } from "../support/hostile-text.ts";

const withBins = (field: string, value: unknown) =>
  parseText(withHead(`metadata: {"openclaw":{"requires":{"${field}":${JSON.stringify(value)}}}}`));

const hostile: readonly unknown[] = [...hostileBinaries, 0, 7, true, ["jq"], { name: "jq" }];

describe.each(["bins", "anyBins"] as const)("%s", (field) => {
  it.each(hostile.map((value) => [value]))("does not take %j, and shows it", (value) => {
    const skill = withBins(field, ["curl", value, "jq"]);
    expect(skill.state).toBe("invalid");
    expect(skill.requires[field]).toEqual(["curl", "jq"]);
    expect(skill.diagnostics).toHaveLength(1);
    expect(skill.diagnostics[0]).toMatchObject({ severity: "error", code: "SKILL_BINARY_INVALID" });
    expect(skill.diagnostics[0]?.message).toContain(quoteValue(value));
  });

  it.each(["jq", "7z", "g++", "python3.11", "x_y-z", "A", "x".repeat(64)])("takes %s", (name) => {
    const skill = withBins(field, [name]);
    expect(skill).toMatchObject({ state: "ok", requires: { [field]: [name] } });
  });

  it("does not take 10,000 of them", () => {
    const skill = withBins(
      field,
      Array.from({ length: 5_000 }, () => "jq"),
    );
    expect(shown(skill)).toEqual([`error SKILL_LIST_TOO_LONG 4:${field === "bins" ? 43 : 46}`]);
    expect(skill.requires[field]).toEqual([]);
    expect(
      withBins(
        field,
        Array.from({ length: 10_000 }, (_, index) => `b${index}`),
      ).state,
    ).toBe("invalid");
  });

  it.each([
    [{}, "error SKILL_BINARY_INVALID"],
    [{ jq: "1.6" }, "error SKILL_BINARY_INVALID"],
    [7, "error SKILL_BINARY_INVALID"],
    ["jq; id", "error SKILL_BINARY_INVALID"],
    [null, "warning SKILL_LIST_EMPTY"],
    ["", "warning SKILL_LIST_EMPTY"],
  ])("as %j is reported", (value, diagnostic) => {
    const skill = withBins(field, value);
    expect(shown(skill).map((line) => line.replace(/ \d+:\d+$/, ""))).toEqual([diagnostic]);
    expect(skill.requires[field]).toEqual([]);
  });
});

describe("the binaries of an install entry", () => {
  it.each(hostile.map((value) => [value]))("are held to the same: %j", (value) => {
    const entry = JSON.stringify({ kind: "apt", package: "jq", bins: [value] });
    const skill = parseText(withHead(`metadata: {"openclaw":{"install":[${entry}]}}`));
    expect(skill.state).toBe("invalid");
    expect(skill.install[0]?.bins).toEqual([]);
    expect(skill.diagnostics.map(({ code }) => code)).toEqual(["SKILL_BINARY_INVALID"]);
  });
});
