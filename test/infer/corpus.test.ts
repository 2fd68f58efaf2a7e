import { describe, expect, test } from "vitest";
import { inferNeeds } from "../../src/infer/infer-needs.ts";
import type { Inferred } from "../../src/infer/inferred.ts";
import { essentialBins } from "../../src/recipe/catalog/essential-bins.ts";
import { binaryPattern } from "../../src/skill/name-grammars.ts";
import { readSkillFiles } from "../../src/source/read-skill-files.ts";
import { readSkillFolders } from "../../src/source/read-skill-folders.ts";
import { corpusDir } from "../support/corpus.ts";

const corpus = corpusDir();

describe.runIf(corpus !== null)("real skills, of which only the texts are there", () => {
  test("a plan reads nothing of them", async () => {
    const { skills } = await readSkillFolders([corpus ?? ""]);
    let count = 0;
    for await (const { files } of readSkillFiles(skills.map(({ dir }) => dir))) count += files.length;
    expect(count).toBe(0);
  });

  test("what their blocks show is proposed: plain names, nothing certain, the same in any order", async () => {
    const { skills } = await readSkillFolders([corpus ?? ""]);
    const byDir = new Map(skills.map((skill) => [skill.dir, skill]));
    const needs: Inferred[] = [];
    let skillCount = 0;
    for await (const { dir, files, diagnostics } of readSkillFiles(byDir.keys(), { texts: true })) {
      const skill = byDir.get(dir);
      if (skill === undefined) continue;
      const inferred = inferNeeds(skill, files, { hasBin: (bin) => essentialBins.has(bin) });
      expect([...diagnostics, ...inferred.diagnostics]).toEqual([]);
      skillCount += Number(inferred.needs.length > 0);
      needs.push(...inferred.needs);
    }
    expect(skillCount).toBeGreaterThan(400);
    expect(needs.filter(({ confidence }) => confidence === "certain")).toEqual([]);
    for (const { kind, name } of needs) {
      expect(name).toMatch(kind === "bin" ? binaryPattern : /^[@A-Za-z0-9][\w@./-]*$/);
    }
    const count = (kind: Inferred["kind"], name: string) =>
      needs.filter((need) => need.kind === kind && need.name === name).length;
    expect(count("bin", "curl")).toBeGreaterThan(80);
    expect(count("python", "requests")).toBeGreaterThan(5);
    // Words of texts, keywords and functions are not taken for commands.
    for (const word of ["then", "done", "the", "export", "sudo", "brew"]) expect(count("bin", word)).toBe(0);
  });
});
