import { describe, expect, test } from "vitest";
import {
  mergeSources,
  type SkillSource,
  type SourceKind,
  sourceKinds,
} from "../../src/skill/merge-sources.ts";
import { nameSkeleton } from "../../src/skill/name-skeleton.ts";
import type { Skill } from "../../src/skill/skill.ts";
import { plainSkill } from "../support/plain-skill.ts";

function source(kind: SourceKind, ...skills: readonly Partial<Skill>[]): SkillSource {
  const root = `/${kind}`;
  return {
    kind,
    root,
    skills: skills.map((skill) => plainSkill({ dir: `${root}/${skill.name}`, ...skill })),
  };
}

function used(sources: readonly SkillSource[]): string[] {
  return mergeSources(sources).skills.map(({ skill }) => skill.file);
}

describe("precedence", () => {
  test("each source loses to the next, whatever the order they come in", () => {
    for (const [index, kind] of sourceKinds.entries()) {
      const lower = sourceKinds.slice(0, index + 1).map((each) => source(each, { name: "jq" }));
      expect(used([...lower].reverse())).toEqual([`/${kind}/jq/SKILL.md`]);
    }
  });

  test("every shadowed skill is reported once, with both places and against the one that is used", () => {
    const sources = ["extra", "bundled", "workspace"] as const;
    const place = { file: "/extra/jq/SKILL.md", line: 2, column: 7 };
    const merged = mergeSources(
      sources.map((kind) =>
        source(kind, { name: "jq", ...(kind === "extra" ? { places: { name: place } } : {}) }),
      ),
    );
    expect(merged.shadowed.map(({ skill, by }) => [skill.file, by.skill.file])).toEqual([
      ["/extra/jq/SKILL.md", "/workspace/jq/SKILL.md"],
      ["/bundled/jq/SKILL.md", "/workspace/jq/SKILL.md"],
    ]);
    expect(merged.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ["SKILL_SHADOWED", "info"],
      ["SKILL_SHADOWED", "info"],
    ]);
    expect(merged.diagnostics[0]).toMatchObject({ place });
    expect(merged.diagnostics[0]?.message).toContain("/extra/jq/SKILL.md");
    expect(merged.diagnostics[0]?.message).toContain("/workspace/jq/SKILL.md");
  });

  test("two of one name in one source: the later file, with a warning", () => {
    const merged = mergeSources([
      source("managed", { name: "jq", dir: "/m/b" }, { name: "jq", dir: "/m/a" }),
    ]);
    expect(merged.skills.map(({ skill }) => skill.dir)).toEqual(["/m/b"]);
    expect(merged.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ["SKILL_SHADOWED", "warning"],
    ]);
  });

  test("a file that two sources share shadows nothing", () => {
    const merged = mergeSources([
      source("extra", { name: "jq", dir: "/same/jq" }),
      source("workspace", { name: "jq", dir: "/same/jq" }),
    ]);
    expect(merged.skills).toMatchObject([{ source: "workspace" }]);
    expect(merged.diagnostics).toEqual([]);
  });

  test("an invalid skill takes nobody's place, is listed, and is said to have been passed over", () => {
    const merged = mergeSources([
      source("bundled", { name: "jq" }),
      source("workspace", { name: "jq", state: "invalid" }, { name: "lost", state: "invalid" }),
    ]);
    expect(merged.skills).toMatchObject([{ source: "bundled" }]);
    expect(merged.invalid.map(({ skill }) => skill.name)).toEqual(["jq", "lost"]);
    expect(merged.diagnostics.map(({ code }) => code)).toEqual(["SKILL_SHADOW_INVALID"]);
  });

  test("the result is sorted by code unit, and names of built-in properties are names like others", () => {
    const names = ["b", "a", "B", "__proto__", "constructor", "ä"];
    const merged = mergeSources([source("extra", ...names.map((name) => ({ name })))]);
    expect(merged.skills.map(({ skill }) => skill.name)).toEqual([
      "B",
      "__proto__",
      "a",
      "b",
      "constructor",
      "ä",
    ]);
  });
});

describe("names that look alike stay two skills and are reported with their code points", () => {
  test.each([
    ["Jq", "jq"],
    ["git", "gіt"],
    ["bash", "Вash"],
    ["paypal", "раураl"],
    ["tool", "t00l"],
    ["my-tool", "my_tool"],
    ["tool", "to\u200bol"],
    ["tool", "ｔｏｏｌ"],
    ["tool", "𝗍𝗈𝗈𝗅"],
    ["cafe", "café"],
    ["notes", "noteѕ"],
  ])("%j and %j", (left, right) => {
    expect(nameSkeleton(left)).toBe(nameSkeleton(right));
    const merged = mergeSources([source("extra", { name: left }), source("bundled", { name: right })]);
    expect(merged.skills).toHaveLength(2);
    expect(merged.shadowed).toEqual([]);
    expect(merged.diagnostics.map(({ code }) => code)).toEqual(["SKILL_NAME_LOOKALIKE"]);
    expect(merged.diagnostics[0]?.message).not.toMatch(/\u200b/);
    expect(merged.diagnostics[0]?.hint).toMatch(/U\+|ASCII only|letter case alone/);
  });

  test.each([
    ["git", "gif"],
    ["tool1", "tool2"],
    ["中文", "中国"],
    ["bit", "blt"],
  ])("%j and %j are plainly two", (left, right) => {
    expect(nameSkeleton(left)).not.toBe(nameSkeleton(right));
  });
});
