import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MirrorResult, SkillToMirror } from "../../src/mirror/mirror-request.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { callInProcess } from "../support/call-in-process.ts";
import { checkMirror, findText, type MirrorOnDisk } from "../support/check-mirror.ts";
import {
  canary,
  canMakeDevices,
  deviceTree,
  hostileTrees,
  type TreeOutcome,
} from "../support/hostile-trees.ts";
import { type MirrorWorld, mirrorRequest, mirrorWorld, writeSkill } from "../support/mirror-world.ts";
import { snapshotTree } from "../support/snapshot-tree.ts";

const isRoot = process.getuid?.() === 0;
const otherUid = 1000;
let root: string;
let trees = hostileTrees;
let skills: SkillToMirror[] = [];

beforeAll(() => {
  root = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-trees-"));
  chmodSync(root, 0o755);
  const outside = join(root, "outside");
  mkdirSync(outside);
  const secretFile = join(outside, "secret");
  writeFileSync(secretFile, canary, { mode: 0o600 });
  if (isRoot && canMakeDevices(outside)) trees = [...hostileTrees, deviceTree];
  const sources = join(root, "sources");
  skills = [
    writeSkill(sources, "aa-good"),
    ...trees.map(({ name, make }) => {
      const skill = writeSkill(sources, name);
      make(skill.dir, secretFile);
      return skill;
    }),
    writeSkill(sources, "zz-good"),
  ];
  // All are a sandbox's own, and the file outside is not.
  if (!isRoot) return;
  execFileSync("chown", ["-hR", `${otherUid}:${otherUid}`, sources]);
  execFileSync("chown", ["0:0", secretFile]);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Run {
  readonly world: MirrorWorld;
  readonly result: MirrorResult;
  readonly live: MirrorOnDisk;
  readonly touched: boolean;
}

/** One mirror of all of them at once. */
async function mirrorAll(name: string, publish: (world: MirrorWorld) => Promise<MirrorResult>): Promise<Run> {
  const world = mirrorWorld(join(root, name));
  if (isRoot && name === "as-user") execFileSync("chown", ["-R", `${otherUid}:${otherUid}`, world.dir]);
  const before = [snapshotTree(join(root, "sources")), snapshotTree(join(root, "outside"))];
  const result = await publish(world);
  const after = [snapshotTree(join(root, "sources")), snapshotTree(join(root, "outside"))];
  const live = checkMirror(world.targetDir);
  if (live === null) throw new Error("nothing is live");
  return { world, result, live, touched: JSON.stringify(before) !== JSON.stringify(after) };
}

function outcomes({ result, live }: Run): Record<string, TreeOutcome> {
  const seen: Record<string, TreeOutcome> = {};
  for (const { skill, diagnostic } of result.refused) {
    seen[skill.name] = { refused: diagnostic.code, at: relative(skill.dir, diagnostic.place?.file ?? "") };
  }
  for (const { name, folder } of live.manifest.skills) {
    const entries = [...live.entries]
      .filter(([path]) => path.startsWith(`${folder}/`) && path !== `${folder}/SKILL.md`)
      .map(([path, entry]) => [path.slice(folder.length + 1), shorten(entry)]);
    const leftOut = result.diagnostics.find(({ place }) => place?.file.endsWith(`/${name}`))?.message;
    seen[name] = { mirrored: Object.fromEntries(entries), ...(leftOut === undefined ? {} : { leftOut }) };
  }
  return seen;
}

function shorten(entry: string): number | string {
  const [type, first = ""] = entry.split(" ");
  if (type === "file") return Number(first);
  return type === "link" ? entry.slice("link ".length) : "empty";
}

function expectOutcomes(run: Run, expected: (tree: (typeof trees)[number]) => TreeOutcome): void {
  const good = { mirrored: {} };
  const rows = trees.map((tree) => [tree.name, expected(tree)]);
  expect(outcomes(run)).toEqual({ "aa-good": good, ...Object.fromEntries(rows), "zz-good": good });
  expect(run.touched).toBe(false);
  for (const dir of [run.world.targetDir, run.world.recordsDir, run.world.storeDir]) {
    expect(findText(dir, canary)).toEqual([]);
  }
}

describe("each hostile tree is refused with its reason and place, or mirrored as it should; the others are there", () => {
  test("for the user of these tests", async () => {
    const run = await mirrorAll("own", (world) => publishSkills(mirrorRequest(world, skills)));
    expectOutcomes(run, ({ outcome, asUser }) => (isRoot ? outcome : (asUser ?? outcome)));
  });

  test.runIf(isRoot)("for an ordinary user", async () => {
    const bundle = await bundleSource(["mirror/publish-skills.ts"], join(root, "bundle"));
    const run = await mirrorAll("as-user", (world) => {
      const request = { ...mirrorRequest(world, skills), sandboxUid: otherUid };
      return callInProcess<MirrorResult>(bundle, "publishSkills", [request], { uid: otherUid }).result;
    });
    expectOutcomes(run, ({ outcome, asUser }) => asUser ?? outcome);
  });
});
