import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SkillToMirror } from "../../src/mirror/mirror-request.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { checkMirror, findLeftovers } from "../support/check-mirror.ts";
import { type MirrorWorld, mirrorRequest, mirrorWorld, writeSkill } from "../support/mirror-world.ts";
import { snapshotTree } from "../support/snapshot-tree.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Skills of these names, each in a plain folder whose data.txt holds the name's number. */
function namedSkills(world: MirrorWorld, names: readonly string[]): SkillToMirror[] {
  return names.map((name, index) => ({
    ...writeSkill(world.sourcesDir, `source-${index}`, { "data.txt": String(index) }),
    name,
  }));
}

describe("a skill's name", () => {
  const names = [
    "../../etc",
    "/abs",
    ".",
    "..",
    ".live",
    ".versions",
    ".generations/x",
    "manifest.json",
    "a/b",
    "a\\b",
    "nul\0byte",
    "new\nline",
    "-rf",
    " ",
    "",
    "x".repeat(300),
    `${"x".repeat(299)}y`,
    "Notes",
    "notes",
    "NOTES",
    // Cyrillic о, and a letter that lower case makes two of.
    "gооgle",
    "google",
    "İstanbul",
    "技能",
    "\ud800",
    "\ud801",
    "__proto__",
    "constructor",
  ];

  test("is never a path: each skill has a folder of its own, on any file system", async () => {
    const world = mirrorWorld(tempFolder());
    const skills = namedSkills(world, names);
    const { refused } = await publishSkills(mirrorRequest(world, skills));
    expect(refused).toEqual([]);
    const live = checkMirror(world.targetDir);
    const folders = live?.manifest.skills.map(({ folder }) => folder) ?? [];
    expect(new Set(folders.map((folder) => folder.toLowerCase())).size).toBe(names.length);
    for (const folder of folders) expect(folder).toMatch(/^[a-z0-9][a-z0-9_-]{0,127}$/);
    for (const { name, folder } of live?.manifest.skills ?? []) {
      const number = readFileSync(join(world.targetDir, folder, "data.txt"), "utf8");
      expect(names[Number(number)]).toBe(name);
    }
    expect(readdirSync(world.targetDir).filter((name) => !name.startsWith("."))).toHaveLength(names.length);
    expect(findLeftovers(world.targetDir)).toEqual([]);
    expect(readdirSync(world.dir).toSorted()).toEqual(["scope", "sources", "store"]);
  });

  test("keeps its folder whatever other skills come and go", async () => {
    const world = mirrorWorld(tempFolder());
    const skills = namedSkills(world, ["Notes", "notes", "other"]);
    const folderOf = async (chosen: readonly SkillToMirror[], name: string) => {
      const { generation } = await publishSkills(mirrorRequest(world, chosen));
      return generation.skills.find((skill) => skill.name === name)?.folder;
    };
    const together = await folderOf(skills, "Notes");
    expect(await folderOf(skills.slice(0, 1), "Notes")).toBe(together);
    expect(await folderOf(skills.toReversed(), "Notes")).toBe(together);
  });

  test("of two skills alike is reported, and neither is merged into the other", async () => {
    const world = mirrorWorld(tempFolder());
    const skills = namedSkills(world, ["same", "same", "Twin", "twin"]);
    const { refused, diagnostics, generation } = await publishSkills(mirrorRequest(world, skills));
    expect(refused.map(({ skill, diagnostic }) => [skill.dir, diagnostic.code])).toEqual([
      [skills[1]?.dir, "MIRROR_NAME_TAKEN"],
    ]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["MIRROR_NAME_TWIN"]);
    expect(generation.skills.map(({ name }) => name)).toEqual(["Twin", "same", "twin"]);
  });
});

describe("a skill's folder", () => {
  test("that is a link, lies below one, is no folder or is not there is refused; the others are mirrored", async () => {
    const world = mirrorWorld(tempFolder());
    const good = writeSkill(world.sourcesDir, "good");
    const secret = writeSkill(join(world.dir, "secret"), "inner");
    symlinkSync(secret.dir, join(world.sourcesDir, "link"));
    symlinkSync(join(world.dir, "secret"), join(world.sourcesDir, "above"));
    writeFileSync(join(world.sourcesDir, "file"), "x");
    const bad = ["link", "above/inner", "file", "nothing", "nul\0byte", "x".repeat(5000)];
    const skills = bad.map((name): SkillToMirror => {
      return { name, dir: `${world.sourcesDir}/${name}`, source: "workspace" };
    });
    const { generation, refused } = await publishSkills(mirrorRequest(world, [...skills, good]));
    expect(generation.skills.map(({ name }) => name)).toEqual(["good"]);
    expect(refused.map(({ skill, diagnostic }) => [skill.name, diagnostic.code]).toSorted()).toEqual(
      [
        ["above/inner", "MIRROR_SKILL_LINK"],
        ["file", "MIRROR_SKILL_UNREADABLE"],
        ["link", "MIRROR_SKILL_LINK"],
        ["nothing", "MIRROR_SKILL_UNREADABLE"],
        ["nul\0byte", "MIRROR_SKILL_UNREADABLE"],
        ["x".repeat(5000), "MIRROR_SKILL_UNREADABLE"],
      ].toSorted(),
    );
  });

  test("with the mirror in it is refused: it would hold itself", async () => {
    const world = mirrorWorld(tempFolder());
    const skill = writeSkill(world.dir, "scope");
    const request = mirrorRequest(world, [skill]);
    for (const _ of [1, 2, 3]) {
      const { refused, generation } = await publishSkills(request);
      expect(refused).toHaveLength(1);
      expect(generation.skills).toEqual([]);
    }
  });

  test("may have any name", async () => {
    const world = mirrorWorld(tempFolder());
    const names = ["with space", `it's "q"`, "a:b,c", "new\nline", "-rf", "技能", "$(id)", "x".repeat(255)];
    const skills = names.map((name) => writeSkill(world.sourcesDir, name));
    const { generation, refused } = await publishSkills(mirrorRequest(world, skills));
    expect(refused).toEqual([]);
    expect(generation.skills).toHaveLength(names.length);
    expect(checkMirror(world.targetDir)?.manifest.id).toBe(generation.id);
  });

  test("is left as it is, whatever its own links and modes", async () => {
    const world = mirrorWorld(tempFolder());
    const skills = ["one", "two"].map((name) => writeSkill(world.sourcesDir, name, { "run.sh": "true\n" }));
    const before = snapshotTree(world.sourcesDir);
    await publishSkills(mirrorRequest(world, skills));
    await publishSkills(mirrorRequest(world, []));
    expect(snapshotTree(world.sourcesDir)).toEqual(before);
  });
});

describe("paths with spaces, quotes, colons, commas, line ends and other scripts", () => {
  test.each([`a b'"c`, "a:b,c", "new\nline", "技能-ナ", "$(id)"])("%j", async (name) => {
    const dir = join(tempFolder(), name);
    mkdirSync(dir);
    const world = mirrorWorld(dir);
    const { generation } = await publishSkills(mirrorRequest(world, [writeSkill(world.sourcesDir, "one")]));
    expect(checkMirror(world.targetDir)?.manifest.id).toBe(generation.id);
  });
});
