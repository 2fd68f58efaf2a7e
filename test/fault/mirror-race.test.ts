import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { SkillToMirror } from "../../src/mirror/mirror-request.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { checkMirror, findText } from "../support/check-mirror.ts";
import { exchangePaths } from "../support/exchange-paths.ts";
import {
  type MirrorWorld,
  mirrorRequest,
  mirrorWorld,
  skillText,
  writeSkill,
} from "../support/mirror-world.ts";
import { snapshotTree } from "../support/snapshot-tree.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** How long the attacker of sources has. */
const attackMs = Number(process.env["SKILLCRATE_ATTACK_SECONDS"] ?? 30) * 1000;

const canary = "canary-3f1d";

function removeMirror(world: MirrorWorld): void {
  for (const dir of [world.targetDir, world.recordsDir, world.storeDir])
    rmSync(dir, { recursive: true, force: true });
}

describe.runIf(process.platform === "linux")("while a program exchanges folders with links", () => {
  test(
    "nothing that links lead to is ever copied",
    async () => {
      const world = mirrorWorld(tempFolder());
      const files = { "sub/data.txt": "mine\n", "data.txt": "mine\n" };
      const [quiet, inner, file, folder] = ["quiet", "inner", "file", "folder"].map((name) =>
        writeSkill(world.sourcesDir, name, files),
      );
      const below = writeSkill(join(world.dir, "parent"), "below", files);
      const skills = [quiet, inner, file, folder, below].filter((skill) => skill !== undefined);

      // What the links lead to looks just like what they stand for.
      const secretDir = join(world.dir, "secret");
      writeSkill(secretDir, "below", {
        "SKILL.md": skillText("below", canary),
        "data.txt": canary,
        "sub/data.txt": canary,
      });
      const hideout = join(world.dir, "hideout");
      mkdirSync(hideout);
      const pairs = [
        [join(world.sourcesDir, "inner", "sub"), join(secretDir, "below", "sub")],
        [join(world.sourcesDir, "file", "data.txt"), join(secretDir, "below", "data.txt")],
        [join(world.sourcesDir, "folder"), join(secretDir, "below")],
        [join(world.dir, "parent"), secretDir],
      ].map(([path = "", secret = ""], index): [string, string] => {
        const link = join(hideout, String(index));
        symlinkSync(secret, link);
        return [path, link];
      });

      const attacker = exchangePaths(pairs);
      let turns = 0;
      let copiedFiles = 0;
      const mirrored = new Map(skills.map(({ name }) => [name, 0]));
      const refused = new Map(skills.map(({ name }) => [name, 0]));
      for (const end = Date.now() + attackMs; Date.now() < end; turns += 1) {
        removeMirror(world);
        const result = await publishSkills(mirrorRequest(world, skills));
        copiedFiles += result.copied.files;
        for (const { name } of result.generation.skills) mirrored.set(name, (mirrored.get(name) ?? 0) + 1);
        for (const { skill } of result.refused) refused.set(skill.name, (refused.get(skill.name) ?? 0) + 1);
        checkMirror(world.targetDir);
        for (const dir of [world.targetDir, world.recordsDir, world.storeDir]) {
          expect(findText(dir, canary)).toEqual([]);
        }
      }
      const exchanged = await attacker.stop();
      expect(exchanged).toBeGreaterThan(1000);
      expect(copiedFiles).toBeGreaterThanOrEqual(turns * 3);
      expect(mirrored.get("quiet")).toBe(turns);
      // The others were met in both of their states, and each time they were one or the other.
      const attacked = skills.slice(1).map(({ name }) => ({
        mirrored: mirrored.get(name) ?? 0,
        refused: refused.get(name) ?? 0,
      }));
      for (const counts of attacked) expect(counts.mirrored + counts.refused).toBe(turns);
      expect(attacked.some((counts) => counts.mirrored > 0)).toBe(true);
      expect(attacked.every((counts) => counts.refused > 0)).toBe(true);
    },
    attackMs + 30_000,
  );

  test("nothing is written where a link in the mirror's place leads", async () => {
    const world = mirrorWorld(tempFolder());
    const skills = [writeSkill(world.sourcesDir, "one", { "data.txt": "mine\n" })];
    const victim = join(world.dir, "victim");
    mkdirSync(join(victim, ".versions", "precious"), { recursive: true });
    mkdirSync(join(victim, ".generations"));
    writeFileSync(join(victim, ".versions", "precious", "file"), "precious");
    const before = snapshotTree(victim);
    mkdirSync(world.targetDir);
    const link = join(world.dir, "link");
    symlinkSync(victim, link);
    const attacker = exchangePaths([[world.targetDir, link]]);
    const outcomes = { mirrored: 0, refused: 0 };
    for (const end = Date.now() + 3000; Date.now() < end; ) {
      writeFileSync(join(world.sourcesDir, "one", "data.txt"), String(Date.now()));
      try {
        await publishSkills(mirrorRequest(world, skills));
        outcomes.mirrored += 1;
      } catch (error) {
        expect(error).toMatchObject({ name: "SkillcrateError" });
        outcomes.refused += 1;
      }
    }
    expect(await attacker.stop()).toBeGreaterThan(1000);
    expect(snapshotTree(victim)).toEqual(before);
    expect(outcomes.mirrored).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  }, 30_000);
});

describe("while a program rewrites the files", () => {
  const size = 64 * 1024;
  const styles = ["renamed", "in-place", "truncated", "growing"] as const;

  test("hashes and sizes hold, and a file that is replaced is the whole old or the whole new one", async () => {
    const world = mirrorWorld(tempFolder());
    const skills = styles.map((style) =>
      writeSkill(world.sourcesDir, style, { "data.txt": "a".repeat(size) }),
    );
    const writer = startWriter(skills);
    onTestFinished(() => void writer.kill("SIGKILL"));
    await once(writer, "spawn");
    const seen = new Map<string, Set<string>>(styles.map((style) => [style, new Set()]));
    const end = Date.now() + 5000;
    for (let turn = 0; Date.now() < end; turn += 1) {
      if (turn % 2 === 0) removeMirror(world);
      const { generation } = await publishSkills(mirrorRequest(world, skills));
      checkMirror(world.targetDir);
      for (const { name } of generation.skills) {
        const text = readFileSync(join(world.targetDir, name, "data.txt"), "latin1");
        seen.get(name)?.add(text.slice(0, 1));
        if (name === "renamed") expect(text).toBe((text[0] ?? "").repeat(size));
      }
      await delay(Math.random() * 20);
    }
    expect(seen.get("renamed")?.size).toBeGreaterThan(2);
    expect(seen.get("in-place")?.size).toBeGreaterThan(2);
  });

  /** Rewrites one file in each style, with another letter each time, at moments that nobody can foresee. */
  function startWriter(skills: readonly SkillToMirror[]): ChildProcess {
    const code = `
      const { appendFileSync, openSync, renameSync, truncateSync, writeFileSync, writeSync } = require("node:fs");
      const [renamed, inPlace, truncated, growing] = process.argv.slice(1).map((dir) => dir + "/data.txt");
      const fd = openSync(inPlace, "r+");
      let turn = 0;
      function write() {
        const bytes = Buffer.alloc(${size}, "abcdefghijklmnopqrstuvwxyz"[turn % 26]);
        writeFileSync(renamed + ".new", bytes);
        renameSync(renamed + ".new", renamed);
        writeSync(fd, bytes, 0, ${size}, 0);
        writeFileSync(truncated, bytes);
        if (turn % 40 === 39) truncateSync(growing, ${size});
        appendFileSync(growing, "a".repeat(999));
        turn += 1;
        setTimeout(write, Math.random() * 60);
      }
      write();`;
    const dirs = skills.map(({ dir }) => dir);
    return spawn(process.execPath, ["-e", code, ...dirs], { stdio: ["ignore", "ignore", "inherit"] });
  }
});
