import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleSource } from "../support/bundle-source.ts";
import { callInProcess } from "../support/call-in-process.ts";
import { checkMirror } from "../support/check-mirror.ts";
import type { DiskFault } from "../support/failing-disk.ts";
import { memoryFolder } from "../support/memory-folder.ts";
import {
  type DiskReport,
  type DiskScenario,
  describeLive,
  describeNextRun,
  mirrorVersion,
  removeMirror,
} from "../support/mirror-disk-process.ts";
import { hurry, type MirrorWorld, mirrorWorld } from "../support/mirror-world.ts";

let dir: string;
let bundle: string;

beforeAll(async () => {
  dir = memoryFolder();
  hurry();
  bundle = await bundleSource(["../test/support/mirror-disk-process.ts"], join(dir, "bundle"));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const scenarios: readonly DiskScenario[] = ["first", "next"];

const faults: readonly (readonly [string, DiskFault])[] = [
  ["a full disk", { kind: "from-then-on", errno: "ENOSPC" }],
  ["a disk that became read-only", { kind: "from-then-on", errno: "EROFS" }],
  ["an input/output error", { kind: "once", errno: "EIO" }],
  ["no descriptors", { kind: "once", errno: "EMFILE" }],
  ["a write that takes half", { kind: "short-write" }],
];

describe.concurrent.each(faults)("%s at each file operation in turn", (name, fault) => {
  test.each(scenarios)(
    "of a %s mirror",
    async (scenario) => {
      const world = join(dir, `${name} ${scenario}`);
      const args = [world, scenario, fault];
      const report = await callInProcess<DiskReport>(bundle, "failEveryOperation", args).result;
      expect(report.problems).toEqual([]);
      expect(report.failed + report.succeeded).toBeGreaterThan(fault.kind === "short-write" ? 3 : 50);
      expect(report.operations).toBeLessThan(1000);
    },
    300_000,
  );
});

describe.concurrent.each(scenarios)("a kill during a %s mirror", (scenario) => {
  test("before each step that changes something, in turn", async () => {
    const problems: string[] = [];
    const world = mirrorWorld(join(dir, `kill ${scenario}`));
    let survived = false;
    for (let at = 1; !survived && problems.length < 10; at += 1) {
      removeMirror(world);
      const before = await prepare(world, scenario);
      const { signal } = await kill(world, 1, at).ended;
      survived = signal === null;
      const problem = survived ? null : await judge(world, before, 1);
      if (problem !== null) problems.push(`${at}: ${problem}`);
    }
    expect(problems).toEqual([]);
  }, 300_000);

  test("at a hundred random moments", async () => {
    const problems: string[] = [];
    let killed = 0;
    const world = mirrorWorld(join(dir, `random kill ${scenario}`));
    for (let version = 1; version <= 100; version += 1) {
      const before = await prepare(world, scenario);
      const { child, ready, ended } = kill(world, version, Number.MAX_SAFE_INTEGER);
      await ready;
      const delayMs = Math.random() * 25;
      setTimeout(() => child.kill("SIGKILL"), delayMs);
      const { signal } = await ended;
      if (signal !== null) killed += 1;
      const problem = await judge(world, before, version);
      if (problem !== null) problems.push(`${version}, after ${delayMs} ms: ${problem}`);
    }
    expect(problems).toEqual([]);
    expect(killed).toBeGreaterThan(50);
  }, 300_000);
});

/** Gives the generation that is live before the kill. */
async function prepare(world: MirrorWorld, scenario: DiskScenario): Promise<string | null> {
  if (scenario === "first") removeMirror(world);
  else if (!existsSync(world.targetDir)) await mirrorVersion(world, 0);
  return checkMirror(world.targetDir)?.manifest.id ?? null;
}

async function judge(world: MirrorWorld, before: string | null, version: number): Promise<string | null> {
  return describeLive(world, before, version) ?? (await describeNextRun(world, version));
}

function kill(world: MirrorWorld, version: number, at: number) {
  return callInProcess<number>(bundle, "mirrorUntilKilled", [world.dir, version, at]);
}
