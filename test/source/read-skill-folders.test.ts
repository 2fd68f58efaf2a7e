import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { compareText } from "../../src/diagnostic/compare-text.ts";
import { readSkillFolders, unusableArgumentCodes } from "../../src/source/read-skill-folders.ts";
import { corpusDir } from "../support/corpus.ts";
import { tempFolder } from "../support/temp-folder.ts";

function skillText(name: string): string {
  return `---\nname: ${name}\ndescription: A skill for a test.\n---\nText.\n`;
}

function tree(...folders: readonly string[]): string {
  const root = tempFolder();
  for (const folder of folders) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, "SKILL.md"), skillText(folder.split("/").at(-1) ?? ""));
  }
  return root;
}

describe("arguments", () => {
  test("a folder of skills, a skill's folder and a SKILL.md give the same row", async () => {
    const root = tree("jq");
    const results = await Promise.all(
      [root, join(root, "jq"), join(root, "jq", "SKILL.md")].map((path) => readSkillFolders([path])),
    );
    for (const { skills, diagnostics } of results) {
      expect(diagnostics).toEqual([]);
      expect(skills).toEqual(results[0]?.skills);
      expect(skills).toMatchObject([
        {
          name: "jq",
          state: "ok",
          dir: join(root, "jq"),
          file: join(root, "jq", "SKILL.md"),
          diagnostics: [],
        },
      ]);
    }
  });

  test("every SKILL.md is a row: nested in a skill, of one name, however deep; sorted by file", async () => {
    const deep = Array.from({ length: 20 }, (_, index) => `d${index}`).join("/");
    const root = tree("b", "a", "a/inner", "x/a", deep, ".hidden/no", "a/node_modules/no");
    const { skills } = await readSkillFolders([join(root, "x"), root]);
    expect(skills.map(({ dir }) => relative(root, dir))).toEqual(["a", "a/inner", "b", deep, "x/a"]);
    expect([...skills].sort((one, other) => compareText(one.file, other.file))).toEqual(skills);
  });

  test("a file that two arguments reach is one row", async () => {
    const root = tree("a", "b");
    symlinkSync(root, join(root, "loop"));
    const again = [
      root,
      root,
      join(root, "a"),
      join(root, "a", "SKILL.md"),
      join(root, "loop", "a"),
      `${root}/./a/..`,
    ];
    expect((await readSkillFolders(again)).skills).toHaveLength(2);
  });

  test("an argument may be a link, to a folder or to a SKILL.md", async () => {
    const root = tree("real");
    const links = tempFolder();
    symlinkSync(join(root, "real"), join(links, "folder"));
    symlinkSync(join(root, "real", "SKILL.md"), join(links, "some-name"));
    for (const name of ["folder", "some-name"]) {
      const { skills, diagnostics } = await readSkillFolders([join(links, name)]);
      expect([skills.map(({ dir }) => dir), diagnostics]).toEqual([[join(root, "real")], []]);
    }
  });

  test("folders whose own name begins with a dot can be named", async () => {
    const root = tree(".agents/skills/a");
    expect((await readSkillFolders([join(root, ".agents")])).skills).toHaveLength(1);
    expect((await readSkillFolders([join(root, ".agents", "skills")])).skills).toHaveLength(1);
  });

  test.each([
    ["there is nothing", "missing", "SOURCE_MISSING"],
    ["something above is a file", "file/x", "SOURCE_UNREADABLE"],
    ["it is empty", "empty", "SOURCE_EMPTY"],
    ["no skill is in it", "bare", "SOURCE_NO_SKILL"],
    ["it is another file", "file", "SOURCE_NOT_A_SKILL"],
    ["it is a link to nothing", "dangling", "SOURCE_MISSING"],
    ["it is a link to itself", "self", "SOURCE_UNREADABLE"],
    ["it is a device", "../../dev/null", "SOURCE_NOT_A_SKILL"],
  ])("said with a code of its own: %s", async (_, path, code) => {
    const root = tempFolder();
    mkdirSync(join(root, "empty"));
    mkdirSync(join(root, "bare", "inner"), { recursive: true });
    writeFileSync(join(root, "file"), "");
    symlinkSync("nowhere", join(root, "dangling"));
    symlinkSync("self", join(root, "self"));
    const { skills, diagnostics } = await readSkillFolders([
      path.startsWith("..") ? "/dev/null" : join(root, path),
    ]);
    expect(skills).toEqual([]);
    expect(diagnostics).toMatchObject([{ code, severity: "error", hint: expect.stringMatching(/./) }]);
    expect(unusableArgumentCodes.has(diagnostics[0]?.code ?? "SKILL_NAME_INVALID")).toBe(true);
  });

  test("an empty or impossible argument never means the current folder", async () => {
    for (const path of ["", "  ", "a\0b"]) {
      const { skills, diagnostics } = await readSkillFolders([path]);
      expect([skills.length, diagnostics.length]).toEqual([0, 1]);
    }
    expect(await readSkillFolders([])).toEqual({ skills: [], diagnostics: [] });
  });

  test("a relative argument begins where the caller says", async () => {
    const cwd = tree("here");
    const { skills } = await readSkillFolders(["."], { cwd });
    expect(skills.map(({ name }) => name)).toEqual(
      (await readSkillFolders([cwd])).skills.map(({ name }) => name),
    );
    expect(skills.length).toBeGreaterThan(0);
    expect(await readSkillFolders(["nowhere"], { cwd })).toMatchObject({
      diagnostics: [{ code: "SOURCE_MISSING", message: 'There is no "nowhere".' }],
    });
  });

  test("good arguments are read beside bad ones", async () => {
    const { skills, diagnostics } = await readSkillFolders([tree("a"), "/nowhere/at/all", tree("b")]);
    expect(skills.map(({ name }) => name).sort()).toEqual(["a", "b"]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["SOURCE_MISSING"]);
  });
});

describe("the file's name", () => {
  test.each(["skill.md", "Skill.md", "SKILL.MD"])("%s is read, and recovered", async (name) => {
    const root = tempFolder();
    writeFileSync(join(root, name), skillText("a"));
    for (const path of [root, join(root, name)]) {
      const { skills } = await readSkillFolders([path]);
      expect(skills).toMatchObject([{ name: "a", state: "recovered", file: join(root, name) }]);
      expect(skills[0]?.diagnostics.map(({ code }) => code)).toEqual(["SKILL_FILE_LETTER_CASE"]);
    }
  });

  test("of two spellings the exact one is read, and the other named", async () => {
    const root = tree("a");
    writeFileSync(join(root, "a", "skill.md"), skillText("other"));
    const { skills } = await readSkillFolders([root]);
    expect(skills).toMatchObject([{ name: "a", state: "recovered" }]);
    expect(skills[0]?.diagnostics).toMatchObject([
      { code: "SKILL_FILE_TWIN", message: expect.stringContaining('"skill.md"') },
    ]);
  });
});

describe("limits and signals", () => {
  test("a file one byte over the limit is an invalid skill, one of exactly the limit is not", async () => {
    const root = tree("a");
    const sizeBytes = skillText("a").length;
    const at = await readSkillFolders([root], { maxFileBytes: sizeBytes });
    expect(at.skills).toMatchObject([{ state: "ok" }]);
    const over = await readSkillFolders([root], { maxFileBytes: sizeBytes - 1 });
    expect(over.skills).toMatchObject([
      { name: "a", state: "invalid", diagnostics: [{ code: "SKILL_FILE_TOO_LARGE" }] },
    ]);
  });

  test("a signal ends the walk", async () => {
    const root = tree(...Array.from({ length: 200 }, (_, index) => `s${index}`));
    const stop = new AbortController();
    const reading = readSkillFolders([root], { signal: stop.signal });
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("descriptors are given back, also after an abort", async () => {
    const root = tree("a", "b/c", "d/e/f");
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    await readSkillFolders([root, join(root, "a", "SKILL.md"), "/nowhere"]);
    await readSkillFolders([root], { signal: AbortSignal.abort() }).catch(() => undefined);
    expect(open()).toBe(before);
  });
});

const corpus = corpusDir();
if (corpus === null) console.info("Left out: the corpus of real SKILL.md files is not here.");

describe.runIf(corpus !== null)("the corpus of real skills", () => {
  test("every file is a row with a place for all that is said of it, and the order is that of the paths", async () => {
    const { skills, diagnostics } = await readSkillFolders([corpus ?? ""]);
    expect(diagnostics).toEqual([]);
    expect(skills).toHaveLength(countSkillFiles(corpus ?? ""));
    expect(skills.map(({ file }) => file)).toEqual(skills.map(({ file }) => file).sort(compareText));
    for (const skill of skills) {
      expect(existsSync(skill.file)).toBe(true);
      expect(skill.dir).toBe(dirname(skill.file));
      for (const { place } of skill.diagnostics) expect(place?.file).toBe(skill.file);
      if (skill.state !== "ok") expect(skill.diagnostics.length).toBeGreaterThan(0);
    }
  });
});

function countSkillFiles(dir: string): number {
  return readdirSync(dir, { recursive: true }).filter((path) => String(path).endsWith("/SKILL.md")).length;
}
