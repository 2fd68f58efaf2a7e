import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MirrorRequest } from "../../src/mirror/mirror-request.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { callInProcess } from "../support/call-in-process.ts";
import { checkMirror, findLeftovers } from "../support/check-mirror.ts";
import type { OneOfMany, ReaderReport } from "../support/mirror-reader-process.ts";
import { mirrorRequest, mirrorWorld, skillText, writeSkill, writeVersion } from "../support/mirror-world.ts";
import { tempFolder } from "../support/temp-folder.ts";

let dir: string;
let bundle: string;

beforeAll(async () => {
  dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-processes-"));
  bundle = await bundleSource(["../test/support/mirror-reader-process.ts"], dir);
  chmodSync(dir, 0o755);
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Mirrors at once, a process for each request. */
async function mirrorAtOnce(requests: readonly MirrorRequest[]): Promise<OneOfMany[]> {
  const calls = requests.map((request) => callInProcess<OneOfMany>(bundle, "mirrorOnSignal", [request]));
  await Promise.all(calls.map(({ ready }) => ready));
  for (const { child } of calls) child.stdin?.write("go\n");
  return Promise.all(calls.map(({ result }) => result));
}

function total(results: readonly OneOfMany[]): number {
  return results.reduce((sum, { copiedFiles }) => sum + copiedFiles, 0);
}

describe("eight processes at once", () => {
  test("on one scope: one copies, the others take its result", async () => {
    const world = mirrorWorld(tempFolder());
    const request = mirrorRequest(world, writeVersion(world, 1));
    const first = await mirrorAtOnce(Array(8).fill(request));
    expect(new Set(first.map(({ id }) => id)).size).toBe(1);
    expect(first.filter(({ changed }) => changed)).toHaveLength(1);
    expect(first.filter(({ copiedFiles }) => copiedFiles > 0)).toHaveLength(1);
    expect(checkMirror(world.targetDir)?.manifest.id).toBe(first[0]?.id);
    const files = checkMirror(world.targetDir)?.manifest.entries.filter(({ type }) => type === "file");
    expect(total(first)).toBe(files?.length);

    const moving = request.skills.find(({ name }) => name === "moving")?.dir ?? "";
    writeFileSync(join(moving, "data.txt"), "another text\n");
    const second = await mirrorAtOnce(Array(8).fill(request));
    expect(new Set(second.map(({ id }) => id)).size).toBe(1);
    expect(second.filter(({ changed }) => changed)).toHaveLength(1);
    expect(second.filter(({ copiedFiles }) => copiedFiles > 0)).toHaveLength(1);
    expect(readFileSync(join(world.targetDir, "moving", "data.txt"), "utf8")).toBe("another text\n");
    expect(findLeftovers(world.targetDir)).toEqual([]);
  });

  test("on eight scopes with one store: each is whole", async () => {
    const root = tempFolder();
    const worlds = Array.from({ length: 8 }, (_, index) => mirrorWorld(join(root, `scope-${index}`)));
    const [first] = worlds;
    if (first === undefined) throw new Error("no world");
    const skills = writeVersion(first, 1);
    const requests = worlds.map((world) => ({ ...mirrorRequest(world, skills), storeDir: first.storeDir }));
    const results = await mirrorAtOnce(requests);
    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    expect(results.every(({ changed }) => changed)).toBe(true);
    for (const { targetDir } of worlds) {
      expect(checkMirror(targetDir)?.manifest.id).toBe(results[0]?.id);
      expect(findLeftovers(targetDir)).toEqual([]);
    }
  });
});

describe("a reader", () => {
  const names = Array.from({ length: 6 }, (_, index) => `skill-${index}`);
  const files = names.flatMap((name) => [`${name}/SKILL.md`, `${name}/data.txt`]);

  test("of what is live never sees two generations at once, while fifty are published", async () => {
    const world = mirrorWorld(tempFolder());
    const publish = (version: number) => {
      const text = skillText("one", `Version ${version}.`);
      const skills = names.map((name) =>
        writeSkill(world.sourcesDir, name, { "SKILL.md": text, "data.txt": text }),
      );
      return publishSkills(mirrorRequest(world, skills));
    };
    await publish(0);
    const readers = [1, 2].map(() =>
      callInProcess<ReaderReport>(bundle, "readUntilTold", [world.targetDir, files]),
    );
    await Promise.all(readers.map(({ ready }) => ready));
    for (let version = 1; version <= 50; version += 1) await publish(version);
    for (const { child } of readers) child.stdin?.end();
    for (const { result } of readers) {
      const report = await result;
      expect(report).toMatchObject({ mixtures: 0 });
      expect(report.whole).toBeGreaterThan(50);
      expect(report.versions).toBeGreaterThan(10);
    }
    expect(readdirSync(join(world.targetDir, ".generations"))).toHaveLength(2);
  }, 60_000);
});
