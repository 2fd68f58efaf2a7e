import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { MirrorLimits, SkillToMirror } from "../../src/mirror/mirror-request.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { checkMirror } from "../support/check-mirror.ts";
import { memoryFolder } from "../support/memory-folder.ts";
import { type MirrorWorld, mirrorRequest, mirrorWorld, writeSkill } from "../support/mirror-world.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Mirrors a skill beside a good one; gives where it was refused, and how many paths were looked at. */
async function refusal(
  world: MirrorWorld,
  skill: SkillToMirror,
  limits: Partial<MirrorLimits> = {},
): Promise<{ at: string; code: string; message: string; visited: number }> {
  const good = writeSkill(world.sourcesDir, "zz-good");
  const result = await publishSkills({ ...mirrorRequest(world, [skill, good]), limits });
  expect(checkMirror(world.targetDir)?.manifest.skills.map(({ name }) => name)).toEqual(["zz-good"]);
  const [first, ...others] = result.refused;
  if (first === undefined || others.length > 0) throw new Error(`${result.refused.length} are refused`);
  const { code, message, place } = first.diagnostic;
  const visited = result.visited.filter((path) => path.startsWith(`${skill.dir}/`)).length;
  return { at: relative(skill.dir, place?.file ?? ""), code, message, visited };
}

describe("what is too large is refused early", () => {
  test("3,500 levels", async () => {
    const world = mirrorWorld(tempFolder());
    const skill = writeSkill(world.sourcesDir, "deep");
    // Made from inside: a path of this length is too long to be named.
    const code = `const { mkdirSync, writeFileSync } = require("node:fs");
      for (let level = 0; level < 3500; level += 1) { mkdirSync("d"); process.chdir("d"); }
      writeFileSync("file", "x");`;
    execFileSync(process.execPath, ["-e", code], { cwd: skill.dir });
    onTestFinished(() => void execFileSync("rm", ["-rf", join(skill.dir, "d")]));
    const { at, code: found, visited } = await refusal(world, skill, { maxDepth: 20 });
    expect([found, at]).toEqual(["MIRROR_SKILL_TOO_LARGE", "d/".repeat(21).slice(0, -1)]);
    expect(visited).toBeLessThan(30);
  });

  test("100,000 files", async () => {
    const dir = memoryFolder();
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const world = mirrorWorld(dir);
    const skill = writeSkill(world.sourcesDir, "many");
    execFileSync("sh", ["-c", "seq 100000 | xargs touch"], { cwd: skill.dir });
    // None of them is looked at: the folder's own size tells that there are too many to list.
    expect(await refusal(world, skill)).toMatchObject({ at: "", code: "MIRROR_SKILL_TOO_LARGE", visited: 0 });
    const limits = { maxFilesPerSkill: 200_000, maxFiles: 500 };
    const { code, visited } = await refusal(world, skill, limits);
    expect(code).toBe("MIRROR_SKILL_TOO_LARGE");
    expect(visited).toBeLessThanOrEqual(501);
  }, 60_000);

  test("bytes: none is read of a skill that has too many", async () => {
    const world = mirrorWorld(tempFolder());
    const files = { a: "x".repeat(400), b: "x".repeat(400), c: "x".repeat(400) };
    const skill = writeSkill(world.sourcesDir, "heavy", files);
    const found = await refusal(world, skill, { maxBytesPerSkill: 1000 });
    expect([found.code, found.at]).toEqual(["MIRROR_SKILL_TOO_LARGE", "c"]);
    expect(await refusal(world, skill, { maxBytesPerFile: 399 })).toMatchObject({ at: "a" });
  });

  test("names and paths", async () => {
    const world = mirrorWorld(tempFolder());
    const skill = writeSkill(world.sourcesDir, "named", { ["ä".repeat(100)]: "x" });
    expect(await refusal(world, skill, { maxNameBytes: 199 })).toMatchObject({ at: "ä".repeat(100) });
    expect(await refusal(world, skill, { maxPathBytes: 199 })).toMatchObject({ at: "ä".repeat(100) });
  });

  test("all skills of a request together: the last ones are refused, the first ones mirrored", async () => {
    const world = mirrorWorld(tempFolder());
    const skills = ["one", "two", "three"].map((name) =>
      writeSkill(world.sourcesDir, name, { data: "x".repeat(1000) }),
    );
    const { generation, refused } = await publishSkills({
      ...mirrorRequest(world, skills),
      limits: { maxBytes: 2500 },
    });
    expect(generation.skills).toHaveLength(2);
    expect(refused.map(({ diagnostic }) => diagnostic.code)).toEqual(["MIRROR_SKILL_TOO_LARGE"]);
  });

  test("endless files of the system", async () => {
    const world = mirrorWorld(tempFolder());
    const skill: SkillToMirror = { name: "proc", dir: "/proc/self/fdinfo", source: "extra" };
    writeFileSync(join(world.dir, "x"), "");
    const good = writeSkill(world.sourcesDir, "good");
    const { generation } = await publishSkills(mirrorRequest(world, [skill, good]));
    expect(generation.skills.map(({ name }) => name)).toContain("good");
    checkMirror(world.targetDir);
  });
});
