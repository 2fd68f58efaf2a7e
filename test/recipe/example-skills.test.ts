import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import { readSkillFolders } from "../../src/source/read-skill-folders.ts";
import { emptyContext } from "./resolve-one.ts";

const folder = fileURLToPath(new URL("../../skills", import.meta.url));
const { skills, diagnostics: problems } = await readSkillFolders([folder]);
const base = new Map(["curl", "git", "jq", "python3", "rg"].map((bin) => [bin, "base"]));
const { resolutions, diagnostics } = resolveRequirements(skills, { ...emptyContext, below: base });

describe("the example skills", () => {
  it("are read as they are written, without a repair", () => {
    expect(skills.length).toBeGreaterThanOrEqual(12);
    expect(problems).toEqual([]);
    for (const { name, dir, state, diagnostics: own } of skills) {
      expect([name, state, own]).toEqual([name, "ok", []]);
      expect(dir.endsWith(`/${name}`)).toBe(true);
    }
  });

  it("have nothing unresolved, proposed or unpinned", () => {
    expect(diagnostics).toEqual([]);
    expect([...new Set(resolutions.map(({ status }) => status))].sort()).toEqual([
      "excluded",
      "present",
      "resolved",
    ]);
  });

  it("show each kind of requirement", () => {
    const recipes = resolutions.map(
      ({ bin, recipe }) => `${bin} ${recipe?.kind ?? "-"} ${recipe?.package ?? "-"}`,
    );
    expect(recipes).toContain("ffmpeg apt ffmpeg");
    expect(recipes).toContain("fd apt fd-find");
    expect(recipes).toContain("bat apt bat");
    expect(recipes).toContain("in2csv apt csvkit");
    expect(recipes).toContain("prettier npm prettier");
    expect(recipes).toContain("svgo npm svgo");
    expect(skills.some(({ requires }) => requires.anyBins.length > 1)).toBe(true);
    expect(skills.some(({ os }) => os.length === 1 && os[0] === "darwin")).toBe(true);
    expect(
      skills.some(
        ({ primaryEnv, requires }) => primaryEnv !== undefined && requires.env.includes(primaryEnv),
      ),
    ).toBe(true);
    expect(skills.some(({ namespace }) => namespace === null)).toBe(true);
    expect(new Set(skills.map(({ namespace }) => namespace)).size).toBe(5);
  });

  it("have scripts that can be executed", () => {
    for (const script of ["record.sh", "compare.sh"]) {
      accessSync(join(folder, "folder-manifest/scripts", script), constants.X_OK);
    }
  });
});
