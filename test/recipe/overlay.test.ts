import { describe, expect, test } from "vitest";
import { correctSkill } from "../../src/recipe/correct-skill.ts";
import { deniedKinds } from "../../src/recipe/denied-kinds.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import type { Skill } from "../../src/skill/skill.ts";
import { overlayOf } from "../support/overlay-of.ts";
import { plainSkill } from "../support/plain-skill.ts";
import { codesOf, emptyContext, installEntry, requires, resolveOne, skillWith } from "./resolve-one.ts";

/** `bin status reason` of each row, and the codes of the diagnostics. */
function resolveWith(overlayText: string, skills: readonly Skill[], context = emptyContext) {
  const overlay = overlayOf(overlayText);
  const { resolutions, diagnostics } = resolveRequirements(skills, { ...context, overlay });
  return { rows: Object.fromEntries(resolutions.map((row) => [row.bin, row])), diagnostics };
}

const file = "/project/skillcrate.json5";

describe("what a skill requires", () => {
  test("is added to, at the place of the overlay", () => {
    const { rows, diagnostics } = resolveWith("{ skills: { plain: { requires: { bins: ['ffmpeg'] } } } }", [
      skillWith(["tmux"]),
    ]);
    expect(Object.keys(rows)).toEqual(["ffmpeg", "tmux"]);
    expect(rows["ffmpeg"]).toMatchObject({ status: "resolved", place: { file, line: 1, column: 41 } });
    expect(rows["tmux"]).toMatchObject({ place: { file: "/skills/plain/SKILL.md" } });
    expect(diagnostics).toEqual([]);
  });

  test("is passed over where the overlay says that it is not needed", () => {
    const places = {
      "requires.bins.0": { file: "/skills/plain/SKILL.md", line: 4, column: 10 },
      "requires.bins.1": { file: "/skills/plain/SKILL.md", line: 4, column: 15 },
    };
    const skill = skillWith(["zzz", "tmux"], [], { places });
    const { rows, diagnostics } = resolveWith(
      "{ skills: { 'pl*': { ignore: { bins: ['zzz', 'other'] } } } }",
      [skill],
    );
    expect(rows["zzz"]).toMatchObject({ status: "excluded", place: { column: 10 } });
    expect(rows["zzz"]?.reason).toContain("overlay");
    // What stays keeps its own place.
    expect(rows["tmux"]).toMatchObject({ status: "resolved", place: { column: 15 } });
    expect(Object.keys(rows)).toEqual(["tmux", "zzz"]);
    expect(diagnostics).toEqual([]);
    const corrected = correctSkill(skill, overlayOf("{ skills: { plain: { ignore: { bins: ['zzz'] } } } }"));
    expect(corrected.skill.requires.bins).toEqual(["tmux"]);
  });

  test("counts where one part of the overlay takes it away and another adds it", () => {
    const { rows } = resolveWith(
      "{ skills: { '*': { ignore: { bins: ['tmux'] } }, plain: { requires: { bins: ['tmux'] } } } }",
      [skillWith(["tmux"])],
    );
    expect(rows["tmux"]).toMatchObject({ status: "resolved", place: { file } });
  });

  test("gets one alternative more", () => {
    const skill = plainSkill({ requires: requires({ anyBins: ["zzz"] }) });
    const { rows } = resolveWith("{ skills: { plain: { requires: { anyBins: ['tmux'] } } } }", [skill]);
    expect([rows["zzz"]?.status, rows["tmux"]?.status]).toEqual(["excluded", "resolved"]);
  });

  test("stays as it is for skills of other names", () => {
    const skill = skillWith(["zzz"], [], { name: "other" });
    const overlay = overlayOf("{ skills: { plain: { ignore: { bins: ['zzz'] } } } }");
    expect(correctSkill(skill, overlay).skill).toBe(skill);
  });
});

describe("where a command comes from", () => {
  const npm = installEntry("node", { packages: ["zzz@1.0.0"], bins: ["zzz"] });

  test("is what the overlay says for the skill, then for its pattern, then for the command", () => {
    const entry = (name: string) => `{ kind: 'apt', package: '${name}', bins: ['zzz'] }`;
    const parts = [
      `bins: { zzz: ${entry("by-command")} }`,
      `skills: { '*': { install: [${entry("by-pattern")}] } }`,
      `skills: { '*': { install: [${entry("by-pattern")}] }, plain: { install: [${entry("by-name")}] } }`,
    ];
    const texts = [parts[0], `${parts[0]}, ${parts[1]}`, `${parts[0]}, ${parts[2]}`];
    const packages = texts.map(
      (text) => resolveWith(`{ ${text} }`, [skillWith(["zzz"], [npm])]).rows["zzz"]?.recipe?.package,
    );
    expect(packages).toEqual(["by-command", "by-pattern", "by-name"]);
  });

  test("may be a file of an archive, and a crate with features", () => {
    const { rows } = resolveWith(
      `{ bins: {
        zzz: { kind: 'download', url: 'https://h.example/zzz-1.tar.gz', stripComponents: 1, files: { zzz: 'bin/zzz-cli' } },
        yyy: { kind: 'cargo', crate: 'yyy@1.2.3', features: ['tls'] },
      } }`,
      [skillWith(["zzz", "yyy"])],
    );
    expect(rows["zzz"]?.recipe).toMatchObject({
      kind: "download",
      package: "https://h.example/zzz-1.tar.gz",
      archive: "tar.gz",
      stripComponents: 1,
      files: { zzz: "bin/zzz-cli" },
    });
    expect(rows["yyy"]?.recipe).toMatchObject({ kind: "cargo", version: "1.2.3", features: ["tls"] });
  });

  test("depends on the processor where the overlay says so", () => {
    const text =
      "{ bins: { zzz: [{ kind: 'apt', package: 'one', arch: 'amd64' }, { kind: 'apt', package: 'two', arch: 'arm64' }] } }";
    const packages = (["linux/amd64", "linux/arm64"] as const).map(
      (platform) =>
        resolveWith(text, [skillWith(["zzz"])], { ...emptyContext, platform }).rows["zzz"]?.recipe?.package,
    );
    expect(packages).toEqual(["one", "two"]);
    const onlyArm = "{ bins: { tmux: { kind: 'apt', package: 'two', arch: 'arm64' } } }";
    expect(resolveWith(onlyArm, [skillWith(["tmux"])]).rows["tmux"]?.recipe?.package).toBe("tmux");
  });

  test("is never something weaker where the overlay's own entry cannot be carried out", () => {
    const overlay = overlayOf("{ bins: { tmux: { kind: 'pip', package: 'tmux==1.0' } } }");
    const disabledKinds = new Map([["python" as const, "no Python package index can be reached"]]);
    const { row, diagnostics } = resolveOne(skillWith(["tmux"]), { overlay, disabledKinds });
    expect(row).toMatchObject({ status: "unresolved", recipe: null });
    expect(row.reason).toContain("no Python package index can be reached");
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_UNRESOLVED"]);
    expect(diagnostics[0]?.hint).toContain("bins.tmux");
  });

  test("is told once where the image below has the command anyway", () => {
    const context = { ...emptyContext, below: new Map([["jq", "base"]]) };
    const skills = ["a", "b", "c"].map((name) => skillWith(["jq"], [], { name }));
    const { rows, diagnostics } = resolveWith(
      "{ bins: { jq: { kind: 'apt', package: 'jq' } } }",
      skills,
      context,
    );
    expect(rows["jq"]?.status).toBe("present");
    expect(codesOf(diagnostics)).toEqual(["warning OVERLAY_UNUSED"]);
    expect(diagnostics[0]).toMatchObject({ place: { file, line: 1, column: 11 } });
  });
});

describe("ecosystems", () => {
  const denied = (text: string) => [...deniedKinds(overlayOf(text)).keys()].sort();

  test("are denied by name, or for want of being allowed", () => {
    expect(denied("{}")).toEqual([]);
    expect(denied("{ ecosystems: { deny: ['npm'] } }")).toEqual(["node", "npm"]);
    expect(denied("{ ecosystems: { allow: ['apt', 'npm', 'python'], deny: ['npm'] } }")).toEqual([
      "brew",
      "cargo",
      "download",
      "go",
      "node",
      "npm",
    ]);
    expect(denied("{ ecosystems: { allow: [] } }")).toHaveLength(8);
  });

  test("that are denied leave skills unresolved, with the reason", () => {
    const entry = installEntry("node", { packages: ["zzz@1.0.0"], bins: ["zzz"] });
    const disabledKinds = deniedKinds(overlayOf("{ ecosystems: { allow: ['apt'] } }"));
    const { row } = resolveOne(skillWith(["zzz"], [entry]), { disabledKinds });
    expect(row.status).toBe("unresolved");
    expect(row.reason).toContain("the overlay allows apt, and not npm");
  });
});
