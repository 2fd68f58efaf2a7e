import { expect, test } from "vitest";
import { buildImages } from "../../src/engine/build/build-images.ts";
import { handMadePlan, handMadeSettings } from "./hand-made-plan.ts";
import { createMemoryEngine } from "./memory-engine.ts";
import { removeTestLeftovers, startTestRun } from "./test-run.ts";

test("a run's images go by their names, and those of dead runs; others stay", async () => {
  const { engine, tags } = createMemoryEngine();
  const run = startTestRun();
  const dead = run.id.replace(/\d+$/, "1").replace(/^[0-9a-f]{16}/, "0".repeat(16));
  const tagged = [
    `${run.tagPrefix}cli-sandbox:1`,
    `skillcrate-test-${dead}-cli-sandbox:1`,
    "openclaw-sandbox:1",
  ];
  const plans = tagged.map((tag) =>
    handMadePlan({ name: tag, tag, below: "debian:test", steps: [`RUN ${tag}`] }),
  );
  await buildImages(engine, plans, handMadeSettings()).outcomes;
  expect([...tags.keys()]).toEqual(expect.arrayContaining(tagged));
  await removeTestLeftovers(engine, run);
  expect([...tags.keys()].sort()).toEqual(["debian:test", "openclaw-sandbox:1"]);
});
