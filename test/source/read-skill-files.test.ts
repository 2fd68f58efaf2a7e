import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type ReadSkillFilesOptions,
  readSkillFiles,
  type SkillFiles,
} from "../../src/source/read-skill-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

function skill(files: Readonly<Record<string, string | Buffer>>, dir = tempFolder()): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
}

async function read(dirs: readonly string[], options?: ReadSkillFilesOptions): Promise<SkillFiles[]> {
  const all: SkillFiles[] = [];
  for await (const one of readSkillFiles(dirs, options)) all.push(one);
  return all;
}

async function pathsOf(dir: string, options?: ReadSkillFilesOptions): Promise<string[]> {
  const [first] = await read([dir], options);
  return (first?.files ?? []).map(({ path }) => path);
}

describe("what is read of a skill", () => {
  test("scripts, files of dependencies and, where asked for, texts; sorted", async () => {
    const dir = skill({
      "SKILL.md": "text",
      "scripts/b.sh": "x",
      "scripts/a.py": "\ufeffimport os",
      "scripts/tool": "#!/bin/sh\n",
      "requirements-dev.txt": "",
      "notes.txt": "",
      "picture.png": "x",
      LICENSE: "text",
      "program.py": Buffer.from([0x41, 0, 0x42]),
    });
    const scripts = ["requirements-dev.txt", "scripts/a.py", "scripts/b.sh", "scripts/tool"];
    expect(await pathsOf(dir)).toEqual(scripts);
    expect(await pathsOf(dir, { texts: true })).toEqual(["SKILL.md", ...scripts]);
    expect((await read([dir]))[0]?.files.find(({ path }) => path === "scripts/a.py")?.text).toBe("import os");
  });

  test("not what was installed, what is hidden, and what belongs to another skill", async () => {
    const dir = skill({
      "a.py": "",
      "node_modules/x/index.js": "",
      ".git/hook.sh": "",
      "__pycache__/a.py": "",
      "env/pyvenv.cfg": "",
      "env/lib/b.py": "",
      "inner/SKILL.md": "",
      "inner/c.py": "",
    });
    expect(await pathsOf(dir)).toEqual(["a.py"]);
  });

  test("several skills, each for itself; one that is not there says so and gives nothing", async () => {
    const [one, other] = [skill({ "a.py": "1" }), skill({ "b.py": "2" })];
    const all = await read([one, join(one, "missing"), other]);
    expect(all.map(({ dir, files, diagnostics }) => [dir, files.length, diagnostics.length])).toEqual([
      [one, 1, 0],
      [join(one, "missing"), 0, 1],
      [other, 1, 0],
    ]);
    expect(all[1]?.diagnostics).toMatchObject([{ code: "INFER_FILE_SKIPPED", severity: "info" }]);
  });
});

describe("what would do harm", () => {
  test("links, pipes and endless files are not read", async () => {
    const secret = skill({ "secret.py": "canary" });
    const dir = skill({ "a.py": "1", "large.py": "", large: "" });
    symlinkSync(join(secret, "secret.py"), join(dir, "link.py"));
    symlinkSync(secret, join(dir, "linked"));
    symlinkSync("/dev/zero", join(dir, "zero.py"));
    symlinkSync(dir, join(dir, "loop"));
    execFileSync("mkfifo", [join(dir, "pipe.py"), join(dir, "pipe")]);
    truncateSync(join(dir, "large.py"), 10 * 1024 ** 3);
    truncateSync(join(dir, "large"), 10 * 1024 ** 3);
    const [{ files, diagnostics } = { files: [], diagnostics: [] }] = await read([dir]);
    // Its name is known: another script that imports it imports no package.
    expect(files).toEqual([
      { path: "a.py", text: "1" },
      { path: "large.py", text: "" },
    ]);
    expect(diagnostics).toMatchObject([
      { code: "INFER_FILE_SKIPPED", place: { file: join(dir, "large.py") } },
    ]);
  });

  test("a skill's folder that is a link, or below one, is not entered", async () => {
    const dir = skill({ "real/skill/a.py": "1" });
    symlinkSync(join(dir, "real"), join(dir, "link"));
    const all = await read([join(dir, "link"), join(dir, "link", "skill"), join(dir, "real", "skill")]);
    expect(all.map(({ files }) => files.length)).toEqual([0, 0, 1]);
  });

  test.runIf(process.platform === "linux")(
    "a folder that is swapped for a link while it is read",
    async () => {
      const secret = skill({ "secret.py": "canary" });
      const dir = skill({ "first/a.py": "1", "second/b.py": "2" });
      const skills = readSkillFiles([join(dir, "first"), join(dir, "second")]);
      await skills.next();
      renameSync(join(dir, "second"), join(dir, "kept"));
      symlinkSync(secret, join(dir, "second"));
      expect((await skills.next()).value).toMatchObject({ files: [] });
    },
  );

  test("too many, too deep, too much: what was read until then counts, and it is said", async () => {
    const many = skill(
      Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}.py`, "12345"])),
    );
    const deep = skill({ [`${"d/".repeat(5)}a.py`]: "", "a.py": "" });
    const cases = [
      [many, { maxEntries: 10 }, 0, "INFER_FILES_CUT"],
      [many, { maxBytes: 20 }, 4, "INFER_FILES_CUT"],
      [deep, { maxDepth: 3 }, 1, "INFER_FILE_SKIPPED"],
    ] as const;
    for (const [dir, limits, count, code] of cases) {
      const [{ files, diagnostics } = { files: [], diagnostics: [] }] = await read([dir], { limits });
      expect(files).toHaveLength(count);
      expect(diagnostics).toMatchObject([{ code }]);
    }
  });

  test("a caller who gave up", async () => {
    const dirs = Array.from({ length: 3 }, () => skill({ "a.py": "" }));
    await expect(read(dirs, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
