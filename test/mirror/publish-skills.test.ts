import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { MirrorRequest, MirrorResult, SkillToMirror } from "../../src/mirror/mirror-request.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { readManifest } from "../../src/mirror/read-manifest.ts";
import { verifyGeneration } from "../../src/mirror/verify-generation.ts";
import {
  type MirrorWorld,
  mirrorRequest,
  mirrorWorld,
  skillText,
  writeSkill,
} from "../support/mirror-world.ts";
import { snapshotTree } from "../support/snapshot-tree.ts";
import { tempFolder } from "../support/temp-folder.ts";

interface Mirrored {
  readonly world: MirrorWorld;
  readonly request: MirrorRequest;
  readonly first: MirrorResult;
}

async function mirrored(...files: Readonly<Record<string, string>>[]): Promise<Mirrored> {
  const world = mirrorWorld(tempFolder());
  const skills = files.map((content, index) => writeSkill(world.sourcesDir, `skill-${index}`, content));
  const request = mirrorRequest(world, skills);
  return { world, request, first: await publishSkills(request) };
}

const sh = "#!/bin/sh\n";

describe("what is copied", () => {
  test("first everything, then nothing, and then not even a file is touched", async () => {
    const { world, request, first } = await mirrored({ "scripts/run.sh": sh }, {});
    const bytes = 2 * skillText("skill-0").length + sh.length;
    expect(first).toMatchObject({ changed: true, copied: { files: 3, bytes } });
    const before = snapshotTree(world.dir);
    const second = await publishSkills(request);
    expect(second).toMatchObject({ changed: false, copied: { files: 0, bytes: 0 } });
    expect(second.generation).toEqual(first.generation);
    expect(second.visited).toEqual(first.visited);
    expect(await publishSkills({ ...request, tellVisited: false })).toEqual({ ...second, visited: [] });
    expect(snapshotTree(world.dir)).toEqual(before);
  });

  test("of a changed skill only what was changed; other skills keep their folders", async () => {
    const { world, request } = await mirrored({ "a.txt": "a", "b.txt": "b".repeat(5000) }, {});
    const other = statSync(join(world.targetDir, "skill-1")).ino;
    writeFileSync(join(world.sourcesDir, "skill-0", "a.txt"), "A!");
    const { copied, changed } = await publishSkills(request);
    expect({ copied, changed }).toEqual({ copied: { files: 1, bytes: 2 }, changed: true });
    expect(readFileSync(join(world.targetDir, "skill-0", "a.txt"), "utf8")).toBe("A!");
    expect(statSync(join(world.targetDir, "skill-1")).ino).toBe(other);
  });

  test("an edit of the same size with its time set back is seen", async () => {
    const { world, request } = await mirrored({ "a.txt": "one" });
    const file = join(world.sourcesDir, "skill-0", "a.txt");
    const { atime, mtime } = statSync(file);
    writeFileSync(file, "two");
    const { utimesSync } = await import("node:fs");
    utimesSync(file, atime, mtime);
    expect((await publishSkills(request)).copied).toEqual({ files: 1, bytes: 3 });
    expect(readFileSync(join(world.targetDir, "skill-0", "a.txt"), "utf8")).toBe("two");
  });

  test("what a second scope shares is not written again, and is one file", async () => {
    const { world, request } = await mirrored({ "a.txt": "a" });
    const second = {
      ...request,
      targetDir: join(world.dir, "second"),
      recordsDir: join(world.dir, "records-2"),
    };
    const { copied, generation } = await publishSkills(second);
    expect(copied).toEqual({ files: 0, bytes: 0 });
    expect(await verifyGeneration(second.targetDir, generation.id)).toEqual([]);
    expect(inode(second.targetDir)).toBe(inode(world.targetDir));
    const manifests = [world, second].map(({ targetDir }) => join(targetDir, ".live", "manifest.json"));
    expect(new Set(manifests.map((path) => statSync(path).ino)).size).toBe(1);
  });

  test("equal content from another folder is shared as well", async () => {
    const { world, request } = await mirrored({ "a.txt": "a" });
    const twin = { ...writeSkill(join(world.dir, "elsewhere"), "skill-0", { "a.txt": "a" }) };
    const second = {
      ...request,
      skills: [twin],
      targetDir: join(world.dir, "second"),
      recordsDir: join(world.dir, "r2"),
    };
    expect((await publishSkills(second)).copied).toEqual({ files: 0, bytes: 0 });
    expect(inode(second.targetDir)).toBe(inode(world.targetDir));
  });

  test("nothing is one file with another scope's where the sandbox's user owns it, or is root", async () => {
    for (const sandboxUid of [process.getuid?.() ?? 0, 0]) {
      const { world, request } = await mirrored({ "a.txt": "a" });
      const second = {
        ...request,
        sandboxUid,
        targetDir: join(world.dir, "2"),
        recordsDir: join(world.dir, "r2"),
      };
      expect((await publishSkills(second)).copied.files).toBe(2);
      expect(statSync(join(second.targetDir, "skill-0", "a.txt")).nlink).toBe(1);
    }
  });

  test("the store drops what no mirror holds any more", async () => {
    const { world, request } = await mirrored({ "a.txt": "a" });
    const stored = () => readdirSync(join(world.storeDir, "files")).length;
    // The manifest is shared too.
    expect(stored()).toBe(3);
    const empty = { ...request, skills: [], keepGenerations: 0 };
    await publishSkills(empty);
    expect(stored()).toBe(1);
  });
});

function inode(targetDir: string): number {
  return statSync(join(targetDir, "skill-0", "a.txt")).ino;
}

describe("what is shown", () => {
  test("modes are normalised, the executable bit kept; links and empty folders as they are", async () => {
    const world = mirrorWorld(tempFolder());
    const skill = writeSkill(world.sourcesDir, "one", {
      "bin/run": sh,
      "bin/plain": "",
      "deep/er/x.txt": "x",
    });
    chmodSync(join(skill.dir, "bin/run"), 0o4711);
    chmodSync(join(skill.dir, "bin/plain"), 0o666);
    chmodSync(join(skill.dir, "deep"), 0o700);
    mkdirSync(join(skill.dir, "empty"));
    symlinkSync("../../bin/run", join(skill.dir, "deep/er/run"));
    symlinkSync("deep", join(skill.dir, "shallow"));
    symlinkSync("shallow/er/../../bin", join(skill.dir, "tools"));
    const { generation, refused } = await publishSkills(mirrorRequest(world, [skill]));
    expect(refused).toEqual([]);
    const manifest = readManifest(world.targetDir);
    expect(manifest?.entries.map((entry) => ({ ...entry, sha256: undefined }))).toMatchObject([
      { type: "file", path: "one/SKILL.md", mode: 0o644 },
      { type: "file", path: "one/bin/plain", mode: 0o644, size: 0 },
      { type: "file", path: "one/bin/run", mode: 0o755, size: sh.length },
      { type: "link", path: "one/deep/er/run", target: "../../bin/run" },
      { type: "file", path: "one/deep/er/x.txt" },
      { type: "folder", path: "one/empty" },
      { type: "link", path: "one/shallow", target: "deep" },
      { type: "link", path: "one/tools", target: "shallow/er/../../bin" },
    ]);
    expect(await verifyGeneration(world.targetDir, generation.id)).toEqual([]);
    expect(lstatSync(join(world.targetDir, "one", "deep", ".")).mode & 0o7777).toBe(0o755);
    expect(readFileSync(join(world.targetDir, "one", "tools", "run"), "utf8")).toBe(sh);
  });

  test("whatever the umask is", async () => {
    const before = process.umask(0o077);
    try {
      const { world, first } = await mirrored({ "scripts/run.sh": sh });
      expect(await verifyGeneration(world.targetDir, first.generation.id)).toEqual([]);
      for (const path of [".", ".versions", ".generations", ".live/.", "skill-0/.", "skill-0/scripts"])
        expect(statSync(join(world.targetDir, path)).mode & 0o7777).toBe(0o755);
      expect(statSync(join(world.targetDir, ".live/manifest.json")).mode & 0o7777).toBe(0o644);
    } finally {
      process.umask(before);
    }
  });

  test("skills that go take their names with them; equal content has an equal id", async () => {
    const { world, request, first } = await mirrored({}, {});
    const visible = () => readdirSync(world.targetDir).filter((name) => !name.startsWith("."));
    const fewer = await publishSkills({ ...request, skills: request.skills.slice(1) });
    expect(fewer.changed).toBe(true);
    expect(fewer.copied.files).toBe(0);
    expect(visible()).toEqual(["skill-1"]);
    const again = await publishSkills(request);
    expect(again.generation.id).toBe(first.generation.id);
    expect(again.copied.files).toBe(0);
    expect(visible().toSorted()).toEqual(["skill-0", "skill-1"]);
  });

  test("no host path is in the mirror", async () => {
    const { world, first } = await mirrored({ "a.txt": "a" });
    const manifest = readFileSync(join(world.targetDir, ".live", "manifest.json"), "utf8");
    expect(manifest).not.toContain(world.dir);
    expect(JSON.stringify(first.generation)).not.toContain(world.dir);
  });

  test("a doctor finds what was changed afterwards", async () => {
    const { world, first } = await mirrored({ "a.txt": "a", "b.txt": "b", "run.sh": sh });
    const live = join(world.targetDir, "skill-0");
    writeFileSync(join(live, "a.txt"), "A");
    chmodSync(join(live, "b.txt"), 0o600);
    writeFileSync(join(live, "c.txt"), "c");
    expect(await verifyGeneration(world.targetDir, first.generation.id)).toEqual([
      { path: "skill-0/a.txt", problem: "content" },
      { path: "skill-0/b.txt", problem: "mode" },
      { path: "skill-0/c.txt", problem: "unexpected" },
    ]);
  });
});

describe("what is left out", () => {
  test("repositories, dependencies and secrets, with a report that names them; certificates stay", async () => {
    const world = mirrorWorld(tempFolder());
    const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n";
    const left = {
      ".git/config": "",
      "node_modules/x/index.js": "",
      ".env": "A=b",
      ".env.local": "",
      "keys/id_rsa": key,
      "keys/server.pem": `-----BEGIN CERTIFICATE-----\nx\n${key}`,
    };
    const kept = {
      "keys/ca.pem": "-----BEGIN CERTIFICATE-----\nx\n",
      "keys/id_rsa.pub": "ssh-rsa x",
      "slides.key": "PK",
    };
    const skill = writeSkill(world.sourcesDir, "one", { ...left, ...kept });
    const { diagnostics, refused } = await publishSkills(mirrorRequest(world, [skill]));
    expect(refused).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: "MIRROR_LEFT_OUT", severity: "warning" }]);
    for (const name of [".git", "node_modules", ".env", ".env.local", "keys/id_rsa", "keys/server.pem"])
      expect(diagnostics[0]?.message).toContain(JSON.stringify(name));
    expect(readManifest(world.targetDir)?.entries.map(({ path }) => path)).toEqual([
      "one/SKILL.md",
      "one/keys/ca.pem",
      "one/keys/id_rsa.pub",
      "one/slides.key",
    ]);
  });

  test("only skills that come with a gateway may hold files with several names", async () => {
    const world = mirrorWorld(tempFolder());
    const { linkSync } = await import("node:fs");
    const skills = (["bundled", "managed"] as const).map((source): SkillToMirror => {
      const skill = writeSkill(world.sourcesDir, source);
      linkSync(join(skill.dir, "SKILL.md"), join(world.dir, `${source}-store`));
      return { ...skill, source };
    });
    const { generation, refused } = await publishSkills(mirrorRequest(world, skills));
    expect(generation.skills.map(({ name }) => name)).toEqual(["bundled"]);
    expect(refused.map(({ diagnostic }) => diagnostic.code)).toEqual(["MIRROR_SKILL_HARD_LINK"]);
  });
});

test("the event loop gets its turns, and the signal ends the work: nothing is shown and nothing left", async () => {
  const world = mirrorWorld(tempFolder());
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f/${index}.txt`, `${index}`]));
  const skills = Array.from({ length: 5 }, (_, index) => writeSkill(world.sourcesDir, `s${index}`, files));
  const stop = new AbortController();
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
    if (turns === 2) stop.abort();
  }, 1);
  const request = { ...mirrorRequest(world, skills), signal: stop.signal };
  await expect(publishSkills(request)).rejects.toMatchObject({ code: "CANCELLED" });
  clearInterval(counting);
  expect(readdirSync(world.targetDir)).not.toContain(".live");
  expect(readdirSync(world.targetDir)).not.toContain(".staging");
  expect((await publishSkills(mirrorRequest(world, skills))).generation.skills).toHaveLength(5);
});
