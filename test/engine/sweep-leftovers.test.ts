import { expect, test } from "vitest";
import type { ImageDetails } from "../../src/engine/engine.ts";
import { currentRun } from "../../src/engine/run-identity.ts";
import { removeStages, sweepLeftovers } from "../../src/engine/sweep-leftovers.ts";
import { createMemoryEngine, type MemoryEngine } from "../support/memory-engine.ts";

const hourMs = 60 * 60 * 1000;
const state = "dev.skillcrate.state";

function addImage(world: MemoryEngine, name: string, ageMs: number, labels: ImageDetails["labels"]): string {
  const id = `sha256:${Buffer.from(name).toString("hex").padEnd(64, "0")}`;
  const [debian] = world.images.values();
  if (debian === undefined) throw new Error("no image");
  const created = new Date(Date.now() - ageMs).toISOString();
  world.images.set(id, { ...debian, id, created, labels });
  return id;
}

const shortId = (id: string) => id.slice("sha256:".length, "sha256:".length + 12);

function verified(stages: readonly string[]): ImageDetails["labels"] {
  return {
    [state]: "verified",
    "dev.skillcrate.plan": "p",
    "dev.skillcrate.image": "i",
    "dev.skillcrate.top-layer": "sha256:debian",
    "dev.skillcrate.stages": stages.map(shortId).join(" "),
  };
}

test("half-made images of dead processes go at once, those of live ones stay", async () => {
  const world = createMemoryEngine();
  const dead = addImage(world, "dead", 0, { [state]: "building x" });
  const live = addImage(world, "live", 48 * hourMs, { [state]: `building ${currentRun()}` });
  expect((await sweepLeftovers(world.engine)).images).toEqual([dead]);
  expect(world.images.has(live)).toBe(true);
});

test("a stage stays for a day, and as long as a finished image was made from it", async () => {
  const world = createMemoryEngine();
  const needed = addImage(world, "needed", 48 * hourMs, { [state]: "stage" });
  const young = addImage(world, "young", hourMs, { [state]: "stage" });
  const old = addImage(world, "old", 25 * hourMs, { [state]: "stage" });
  world.tags.set("finished:1", addImage(world, "finished", 48 * hourMs, verified([needed])));
  expect((await sweepLeftovers(world.engine)).images).toEqual([old]);
  expect((await sweepLeftovers(world.engine, 0)).images).toEqual([young]);
  expect(world.images.has(needed)).toBe(true);
});

test("a finished image that never got its tag goes after a day", async () => {
  const world = createMemoryEngine();
  const old = addImage(world, "orphan", 25 * hourMs, verified([]));
  const young = addImage(world, "young", hourMs, verified([]));
  const tagged = addImage(world, "tagged", 25 * hourMs, verified([]));
  world.tags.set("finished:1", tagged);
  expect((await sweepLeftovers(world.engine)).images).toEqual([old]);
  expect([world.images.has(young), world.images.has(tagged)]).toEqual([true, true]);
});

test("stages of what was replaced go, but for those that another image was made from too", async () => {
  const world = createMemoryEngine();
  const shared = addImage(world, "shared", 0, { [state]: "stage" });
  const own = addImage(world, "own", 0, { [state]: "stage" });
  const foreign = addImage(world, "foreign", 0, {});
  world.tags.set("other:1", addImage(world, "other", 0, verified([shared])));
  await removeStages(world.engine, [shared, own, foreign].map(shortId));
  expect([shared, own, foreign].map((id) => world.images.has(id))).toEqual([true, false, true]);
});

test("containers: of dead processes, and steps of builds that the engine did not outlive", async () => {
  const world = createMemoryEngine();
  const add = (id: string, labels: Record<string, string>, ageMs: number) =>
    world.containers.set(id, { id, labels, createdMs: Date.now() - ageMs });
  add("dead", { "dev.skillcrate.run": "x" }, 0);
  add("live", { "dev.skillcrate.run": currentRun() }, 48 * hourMs);
  add("probing-stage", { "dev.skillcrate.run": currentRun(), [state]: "stage" }, 48 * hourMs);
  add("step", { [state]: "stage" }, hourMs);
  add("step-before-start", { [state]: "stage" }, 3 * hourMs);
  add("old-step", { [state]: "stage" }, 25 * hourMs);
  const lost = async () => [...(await sweepLeftovers(world.engine)).containers].sort();
  expect(await lost()).toEqual(["dead", "old-step"]);
  world.startedMs = Date.now() - 2 * hourMs;
  expect(await lost()).toEqual(["step-before-start"]);
  expect([...world.containers.keys()].sort()).toEqual(["live", "probing-stage", "step"]);
});
