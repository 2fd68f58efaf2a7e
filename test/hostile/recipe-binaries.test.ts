import { describe, expect, it } from "vitest";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import { parseSkill } from "../../src/skill/parse-skill.ts";
import { codesOf, emptyContext, requires } from "../recipe/resolve-one.ts";
import { hostileBinaries } from "../support/hostile-text.ts";
import { plainSkill } from "../support/plain-skill.ts";

describe("commands that no command can be called", () => {
  it.each(hostileBinaries)("%j refuses its skill, as required and as an alternative", (bin) => {
    for (const lists of [{ bins: ["ffmpeg", bin] }, { anyBins: ["ffmpeg", bin] }]) {
      const skill = plainSkill({ requires: requires(lists) });
      const { resolutions, diagnostics } = resolveRequirements([skill], emptyContext);
      expect(resolutions).toHaveLength(2);
      for (const { status, recipe } of resolutions) expect([status, recipe]).toEqual(["excluded", null]);
      expect(codesOf(diagnostics)).toEqual(["error RECIPE_BIN_INVALID"]);
      expect(`${diagnostics[0]?.message}${diagnostics[0]?.hint}`).not.toMatch(/[\p{Cc}\u202e]/u);
      for (const { reason } of resolutions) expect(reason).not.toMatch(/[\p{Cc}\u202e]/u);
    }
  });

  it.each(hostileBinaries)("%j in a SKILL.md gives no recipe under that name", (bin) => {
    const source = `---\nname: x\ndescription: x\nmetadata: ${JSON.stringify({ openclaw: { requires: { bins: [bin] } } })}\n---\n`;
    const skill = parseSkill(source, { dir: "/skills/x", file: "/skills/x/SKILL.md" });
    const { resolutions } = resolveRequirements([skill], emptyContext);
    for (const { status } of resolutions) expect(["excluded", "unresolved"]).toContain(status);
    expect(skill.diagnostics.length + resolutions.length).toBeGreaterThan(0);
  });

  it.each(["bins: {}", "bins: null", "bins: 1", "bins: [1, true]", "bins: [[jq]]", "bins: [{a: b}]"])(
    "%s is read or refused, and never thrown",
    (text) => {
      const source = `---\nname: x\ndescription: x\nmetadata:\n  openclaw:\n    requires:\n      ${text}\n---\n`;
      const skill = parseSkill(source, { dir: "/skills/x", file: "/skills/x/SKILL.md" });
      for (const { recipe } of resolveRequirements([skill], emptyContext).resolutions)
        expect(recipe).toBeNull();
    },
  );
});

describe("ten thousand commands", () => {
  it("have a row and a diagnostic each", () => {
    const bins = Array.from({ length: 10_000 }, (_, index) => `ffmpeg${index}`);
    const { resolutions, diagnostics } = resolveRequirements(
      [plainSkill({ requires: requires({ bins }) })],
      emptyContext,
    );
    expect(resolutions).toHaveLength(10_000);
    expect(diagnostics).toHaveLength(10_000);
  });
});
