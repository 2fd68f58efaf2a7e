import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { checkMirror, findLeftovers } from "./check-mirror.ts";
import { createFailingDisk, type DiskFault } from "./failing-disk.ts";
import { hurry, type MirrorWorld, mirrorRequest, mirrorWorld, writeVersion } from "./mirror-world.ts";

/** `first`: nothing was ever mirrored. `next`: another state of the same skills is live. */
export type DiskScenario = "first" | "next";

export interface DiskReport {
  /** File operations of a mirror that meets no fault. */
  readonly operations: number;
  /** How many of the runs that met a fault ended with an error, and how many without. */
  readonly failed: number;
  readonly succeeded: number;
  /** What went wrong, one line each; must be empty. */
  readonly problems: readonly string[];
}

/**
 * Mirrors again and again from the same state, the n-th time with a fault at the n-th file operation, and after each
 * without one.
 */
export async function failEveryOperation(
  dir: string,
  scenario: DiskScenario,
  fault: DiskFault,
): Promise<DiskReport> {
  hurry();
  const disk = await createFailingDisk();
  const world = mirrorWorld(dir);
  const problems: string[] = [];
  let failed = 0;
  let succeeded = 0;
  for (let at = 1; at < 20_000 && problems.length < 20; at += 1) {
    removeMirror(world);
    if (scenario === "next") await mirrorVersion(world, 0);
    const before = checkMirror(world.targetDir)?.manifest.id ?? null;
    const request = mirrorRequest(world, writeVersion(world, 1));
    const descriptors = countDescriptors();
    disk.arm(at, fault);
    const error = await publishSkills(request).then(
      ({ refused }) => (refused.length === 0 || isUnreadable(fault) ? null : new Error("a skill is refused")),
      (reason: unknown) => reason,
    );
    const met = disk.disarm();
    if (met.failed === null) return { operations: met.operations, failed, succeeded, problems };
    if (error === null) succeeded += 1;
    else failed += 1;
    const problem =
      describeUnexpected(error) ??
      describeLive(world, before, 1) ??
      (countDescriptors() === descriptors ? null : "descriptors are left open") ??
      (await describeNextRun(world, 1));
    if (problem !== null) problems.push(`${at}, ${met.failed}: ${problem}`);
  }
  return { operations: Number.POSITIVE_INFINITY, failed, succeeded, problems };
}

/** Mirrors once and is killed at the `at`-th file operation; gives how many there were where it comes through. */
export async function mirrorUntilKilled(dir: string, version: number, at: number): Promise<number> {
  hurry();
  const disk = await createFailingDisk();
  const world = mirrorWorld(dir);
  const request = mirrorRequest(world, writeVersion(world, version));
  process.stdout.write("start\n");
  disk.arm(at, { kind: "kill" });
  await publishSkills(request);
  return disk.disarm().operations;
}

export async function mirrorVersion(world: MirrorWorld, version: number): Promise<void> {
  await publishSkills(mirrorRequest(world, writeVersion(world, version)));
}

export function removeMirror(world: MirrorWorld): void {
  for (const dir of [world.targetDir, world.recordsDir, world.storeDir]) {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What is live after a run that met a fault: the state before, or the new one, whole; null where that is so. */
export function describeLive(world: MirrorWorld, before: string | null, version: number): string | null {
  try {
    const live = checkMirror(world.targetDir);
    if ((live?.manifest.id ?? null) === before) return null;
    if (live === null) return "nothing is live any more";
    const moving = live.manifest.skills.some(({ name }) => name === "moving");
    return moving && !isVersion(world, version) ? "a generation is live that nobody asked for" : null;
  } catch (error) {
    return `what is live is not whole: ${String(error)}`;
  }
}

/** The next run, without a fault: all of the new state, and nothing left of the run before; null where that is so. */
export async function describeNextRun(world: MirrorWorld, version: number): Promise<string | null> {
  try {
    const { generation, refused } = await publishSkills(mirrorRequest(world, writeVersion(world, version)));
    const live = checkMirror(world.targetDir);
    if (
      live === null ||
      live.manifest.id !== generation.id ||
      refused.length > 0 ||
      generation.skills.length !== 3
    ) {
      return "the next run does not mirror everything";
    }
    if (!isVersion(world, version)) return "the next run mirrors something else";
    // One that was shown when a run failed goes with the next change.
    const left = findLeftovers(world.targetDir, 3);
    return left.length === 0 ? null : `the next run leaves ${left.join(" ")}`;
  } catch (error) {
    return `the next run fails: ${String(error)}`;
  }
}

function isVersion(world: MirrorWorld, version: number): boolean {
  return readFileSync(join(world.targetDir, "moving", "data.txt"), "utf8") === `${version}\n`.repeat(2000);
}

/** A source that cannot be read is its skill's own problem; anything else is the disk's. */
function isUnreadable(fault: DiskFault): boolean {
  return "errno" in fault && fault.errno === "EIO";
}

function describeUnexpected(error: unknown): string | null {
  if (error === null || (error instanceof SkillcrateError && error.code !== "INTERNAL")) return null;
  return `no error of ours: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

function countDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}
