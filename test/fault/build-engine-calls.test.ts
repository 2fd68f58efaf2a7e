import { expect, test } from "vitest";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { buildImages } from "../../src/engine/build/build-images.ts";
import type { ImageOutcome } from "../../src/engine/build/build-outcome.ts";
import { handMadePlan, handMadeSettings } from "../support/hand-made-plan.ts";
import { createMemoryEngine, type MemoryEngine } from "../support/memory-engine.ts";

const tag = "t-base:1";
const old = handMadePlan({ name: "base", tag, below: "debian:test", steps: ["RUN old"], promises: ["jq"] });
const next = handMadePlan({ name: "base", tag, below: "debian:test", steps: ["RUN next"], promises: ["jq"] });
const above = handMadePlan({ name: "common", tag: "t-common:1", below: next, steps: ["RUN common"] });

test("whichever request the engine fails, there is a whole image behind every tag, and the next run succeeds", async () => {
  const whole = await countCalls();
  expect(whole).toBeGreaterThan(30);
  for (let failing = 0; failing < whole; failing += 1) {
    const world = createMemoryEngine();
    await buildImages(world.engine, [old], handMadeSettings()).outcomes;
    const before = world.tags.get(tag);
    const start = world.calls.length;
    world.before = (call, index) => {
      if (index - start === failing)
        throw new SkillcrateError("ENGINE_DOWN", `down at ${call}`, { hint: "none" });
    };
    const outcomes = await runOnce(world);
    const at = `request ${failing}: ${world.calls[start + failing]}`;
    world.before = () => {};

    const base = outcomes === "rejected" ? undefined : outcomes[0];
    expect(world.tags.get(tag), at).toBe(base?.status === "built" ? base.id : before);
    for (const id of world.tags.values()) expect(world.images.get(id), at).toBeDefined();
    // A container stays only where its removal is what failed; a run of another process would sweep it.
    expect(world.containers.size, at).toBeLessThanOrEqual(at.endsWith("containers.remove") ? 1 : 0);

    const again = await runOnce(world);
    expect(again === "rejected" ? again : again.map(({ status }) => status === "failed"), at).toEqual([
      false,
      false,
    ]);
  }
});

async function countCalls(): Promise<number> {
  const world = createMemoryEngine();
  await buildImages(world.engine, [old], handMadeSettings()).outcomes;
  const start = world.calls.length;
  expect(statuses(await runOnce(world))).toEqual(["built", "built"]);
  return world.calls.length - start;
}

async function runOnce(world: MemoryEngine): Promise<readonly ImageOutcome[] | "rejected"> {
  try {
    return await buildImages(world.engine, [next, above], handMadeSettings()).outcomes;
  } catch (error) {
    expect(error).toBeInstanceOf(SkillcrateError);
    return "rejected";
  }
}

function statuses(outcomes: readonly ImageOutcome[] | "rejected"): readonly string[] {
  return outcomes === "rejected" ? [] : outcomes.map(({ status }) => status);
}
