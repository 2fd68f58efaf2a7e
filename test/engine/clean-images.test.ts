import { expect, test } from "vitest";
import { buildImages } from "../../src/engine/build/build-images.ts";
import { cleanImages } from "../../src/engine/clean-images.ts";
import { handMadePlan, handMadeSettings } from "../support/hand-made-plan.ts";
import { createMemoryEngine, type MemoryEngine } from "../support/memory-engine.ts";

/** `debian:test` as a base that was bootstrapped here, with a lower and an upper image under each of two prefixes. */
async function buildBoth(): Promise<MemoryEngine> {
  const world = createMemoryEngine();
  const [debian] = world.images.values();
  if (debian === undefined) throw new Error("no base");
  world.images.set(debian.id, { ...debian, labels: { "dev.skillcrate.made": "base" } });
  world.tags.delete("debian:test");
  world.tags.set("skillcrate-debian:bookworm-slim", debian.id);
  const plans = ["one-", "two-"].flatMap((prefix) => {
    const lower = handMadePlan({
      name: "lower",
      tag: `${prefix}sandbox:1`,
      below: "skillcrate-debian:bookworm-slim",
      steps: [`RUN ${prefix}`],
    });
    const upper = handMadePlan({
      name: "upper",
      tag: `${prefix}sandbox-skills:1`,
      below: lower,
      steps: [`RUN ${prefix}`],
    });
    return [lower, upper];
  });
  await buildImages(world.engine, plans, handMadeSettings()).outcomes;
  return world;
}

const options = { dryRun: false, aliases: () => [] };

test("images of another prefix stay, and so does the base that they stand on", async () => {
  const { engine, tags } = await buildBoth();
  const one = { ...options, wanted: (tag: string) => tag.startsWith("one-") };
  const dry = await cleanImages(engine, { ...one, dryRun: true });
  const result = await cleanImages(engine, one);
  expect(result.removed.map((image) => image.tags)).toEqual([["one-sandbox-skills:1"], ["one-sandbox:1"]]);
  expect(result.kept).toMatchObject([
    { tags: ["skillcrate-debian:bookworm-slim"], reason: "two-sandbox:1 stands on it" },
  ]);
  expect(dry).toEqual(result);
  expect([...tags.keys()].sort()).toEqual([
    "skillcrate-debian:bookworm-slim",
    "two-sandbox-skills:1",
    "two-sandbox:1",
  ]);
});

test("all prefixes: everything goes, the base last", async () => {
  const { engine, images, tags } = await buildBoth();
  const { removed, kept } = await cleanImages(engine, { ...options, wanted: () => true });
  expect(removed.map((image) => image.tags).at(-1)).toEqual(["skillcrate-debian:bookworm-slim"]);
  expect(removed).toHaveLength(5);
  expect(kept).toEqual([]);
  expect([tags.size, images.size]).toEqual([0, 0]);
});
