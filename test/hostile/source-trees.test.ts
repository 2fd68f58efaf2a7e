import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Skill } from "../../src/skill/skill.ts";
import { readSkillFolders } from "../../src/source/read-skill-folders.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { tempFolder } from "../support/temp-folder.ts";

const good = "---\nname: good\ndescription: A skill for a test.\n---\nText.\n";

/** A folder with a good skill in `zz-good`, beside which something bad is put. */
function rootWithGood(): string {
  const root = tempFolder();
  mkdirSync(join(root, "zz-good"));
  writeFileSync(join(root, "zz-good", "SKILL.md"), good);
  return root;
}

function skillDir(root: string, name = "bad"): string {
  const dir = join(root, name);
  mkdirSync(dir);
  return dir;
}

async function rows(root: string): Promise<readonly Skill[]> {
  return (await readSkillFolders([root])).skills;
}

/** The good skill is there, and the bad one is a row that says why. */
async function expectOneBad(root: string, code: string): Promise<Skill> {
  const [bad, other, ...rest] = await rows(root);
  expect(rest).toEqual([]);
  expect(other).toMatchObject({ name: "good", state: "ok" });
  if (bad === undefined) throw new Error("no row");
  expect(bad).toMatchObject({ name: "bad", state: "invalid", diagnostics: [{ code, severity: "error" }] });
  expect(bad.diagnostics[0]?.place).toEqual({ file: bad.file, line: 1, column: 1 });
  return bad;
}

describe("something else in the place of SKILL.md", () => {
  test.each(["/etc/shadow", "..", "SKILL.md", "nothing", "../zz-good/SKILL.md"])(
    "a link to %s",
    async (target) => {
      const root = rootWithGood();
      symlinkSync(target, join(skillDir(root), "SKILL.md"));
      const bad = await expectOneBad(root, "SKILL_FILE_LINK");
      expect(JSON.stringify(bad)).not.toContain("root:");
    },
  );

  test("a named pipe that nobody writes to", async () => {
    const root = rootWithGood();
    execFileSync("mkfifo", [join(skillDir(root), "SKILL.md")]);
    await expectOneBad(root, "SKILL_FILE_NOT_REGULAR");
  });

  test("a socket", async () => {
    const root = rootWithGood();
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(skillDir(root), "SKILL.md"), done));
    onTestFinished(() => void server.close());
    await expectOneBad(root, "SKILL_FILE_NOT_REGULAR");
  });

  test("a folder, which is searched all the same", async () => {
    const root = rootWithGood();
    const inner = join(skillDir(root), "SKILL.md", "inner");
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, "SKILL.md"), good);
    const [bad, nested] = await rows(root);
    expect(bad).toMatchObject({ state: "invalid", diagnostics: [{ code: "SKILL_FILE_NOT_REGULAR" }] });
    expect(nested).toMatchObject({ dir: inner, state: "ok" });
  });

  test.runIf(process.getuid?.() === 0)("a device", async () => {
    const root = rootWithGood();
    const made = spawnSync("mknod", [join(skillDir(root), "SKILL.md"), "c", "1", "5"]);
    // Not every container may make devices; /dev/zero itself shows the same there.
    if (made.status === 0) await expectOneBad(root, "SKILL_FILE_NOT_REGULAR");
    expect((await readSkillFolders(["/dev/zero"])).diagnostics).toMatchObject([
      { code: "SOURCE_NOT_A_SKILL" },
    ]);
  });

  test("a sparse file of 10 GiB", async () => {
    const root = rootWithGood();
    const fd = openSync(join(skillDir(root), "SKILL.md"), "w");
    ftruncateSync(fd, 10 * 1024 ** 3);
    closeSync(fd);
    const bad = await expectOneBad(root, "SKILL_FILE_TOO_LARGE");
    expect(bad.diagnostics[0]?.message).toContain("10737418240");
  });

  test("an empty file is a row too", async () => {
    const root = rootWithGood();
    writeFileSync(join(skillDir(root), "SKILL.md"), "");
    const [bad, other] = await rows(root);
    expect(other?.state).toBe("ok");
    expect(bad?.state).not.toBe("ok");
    expect(bad?.diagnostics.length).toBeGreaterThan(0);
  });
});

describe("as a user who is not root", () => {
  test("files and folders of mode 0000 are said, one by one, and the rest is read", async () => {
    const root = rootWithGood();
    writeFileSync(join(skillDir(root), "SKILL.md"), good, { mode: 0o000 });
    mkdirSync(join(root, "closed"), { mode: 0o000 });
    mkdirSync(join(root, "listed"), { mode: 0o444 });
    chmodSync(root, 0o755);
    const scripts = mkdtempSync(join(tmpdir(), "skillcrate-source-"));
    onTestFinished(() => rmSync(scripts, { recursive: true, force: true }));
    const bundle = await bundleSource(["source/read-skill-folders.ts"], scripts);
    chmodSync(scripts, 0o755);
    const paths = [root, join(root, "closed")];
    const code = `import { readSkillFolders } from ${JSON.stringify(bundle)};
      console.log(JSON.stringify(await readSkillFolders(${JSON.stringify(paths)})));`;
    const asUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
      ...asUser,
      encoding: "utf8",
    });
    const { skills, diagnostics } = JSON.parse(output) as Awaited<ReturnType<typeof readSkillFolders>>;
    expect(skills).toMatchObject([
      { name: "bad", state: "invalid", diagnostics: [{ code: "SKILL_FILE_UNREADABLE" }] },
      { name: "good", state: "ok" },
    ]);
    expect(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.place?.file])).toEqual([
      ["SOURCE_FOLDER_UNREADABLE", join(root, "closed")],
      ["SOURCE_UNREADABLE", undefined],
    ]);
  });
});

describe("names", () => {
  const names = [
    "with space",
    'it\'s "quoted"',
    "a:b,c",
    "new\nline",
    "tab\tand\u001b[31mcolour",
    "-rf",
    "…技能-ナ",
    "\u202egnp.exe",
    "$(id)",
    "`id`",
    "x".repeat(255),
    "__proto__",
  ];

  test("of every kind are rows, and messages show them escaped", async () => {
    const root = tempFolder();
    for (const name of names) {
      mkdirSync(join(root, name));
      mkdirSync(join(root, name, "SKILL.md"));
    }
    const skills = await rows(root);
    expect(skills.map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const { diagnostics } of skills) {
      expect(diagnostics).toHaveLength(1);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(diagnostics[0]?.message).not.toMatch(/[\u0000-\u001f\u202e]/);
    }
  });

  test("of every kind work as arguments", async () => {
    const root = tempFolder();
    for (const name of names) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, "SKILL.md"), good);
      const { skills, diagnostics } = await readSkillFolders([join(root, name)]);
      expect([skills.map(({ dir }) => dir), diagnostics]).toEqual([[join(root, name)], []]);
    }
  });

  test("that are not UTF-8 are said, not skipped", async () => {
    const root = rootWithGood();
    mkdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0xff, 0xfe])]));
    const { skills, diagnostics } = await readSkillFolders([root]);
    expect(skills).toHaveLength(1);
    expect(diagnostics).toMatchObject([
      { code: "SOURCE_FOLDER_UNREADABLE", message: expect.stringContaining("UTF-8") },
    ]);
  });
});

describe("size", () => {
  test("a tree 3,500 levels deep is said and does no harm", async () => {
    const root = rootWithGood();
    // Made from inside: a path of this length is too long to be named.
    const code = `const { mkdirSync, writeFileSync } = require("node:fs");
      for (let level = 0; level < 3500; level += 1) { mkdirSync("d"); process.chdir("d"); }
      writeFileSync("SKILL.md", "x");`;
    execFileSync(process.execPath, ["-e", code], { cwd: root });
    onTestFinished(() => void execFileSync("rm", ["-rf", join(root, "d")]));
    const { skills, diagnostics } = await readSkillFolders([root]);
    expect(skills.map(({ name }) => name)).toEqual(["good"]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["SOURCE_TOO_DEEP"]);
    // However deep one allows, the path is no limit and neither is the stack.
    const all = await readSkillFolders([root], { maxDepth: 200 });
    expect(all.diagnostics.map(({ code }) => code)).toEqual(["SOURCE_TOO_DEEP"]);
  });

  test("100,000 files beside a SKILL.md", async () => {
    // In memory where that can be had: making and removing them takes most disks longer than anything measured here.
    const root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "skillcrate-files-"));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    writeFileSync(join(root, "SKILL.md"), good);
    for (let index = 0; index < 100_000; index += 1) closeSync(openSync(join(root, `f${index}`), "w"));
    const { skills, diagnostics } = await readSkillFolders([root]);
    expect([skills.length, skills[0]?.state, diagnostics]).toEqual([1, "ok", []]);
  }, 120_000);
});
