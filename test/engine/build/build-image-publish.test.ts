import { describe, expect, test } from "vitest";
import { buildImages } from "../../../src/engine/build/build-images.ts";
import { handMadePlan, handMadeSettings } from "../../support/hand-made-plan.ts";
import { createMemoryEngine } from "../../support/memory-engine.ts";

const base = handMadePlan({ name: "base", tag: "t-base:1", below: "debian:test", steps: ["RUN base"] });

describe("two processes with the same plan", () => {
  test("the later one takes the image of the earlier one", async () => {
    const world = createMemoryEngine();
    let first: string | undefined;
    world.before = async (call) => {
      if (call !== "builds.end" || first !== undefined) return;
      first = "pending";
      const [outcome] = await buildImages(world.engine, [base], handMadeSettings({ noCache: () => true }))
        .outcomes;
      first = outcome !== undefined && "id" in outcome ? outcome.id : "none";
    };
    const settings = handMadeSettings();
    const [outcome] = await buildImages(world.engine, [base], settings).outcomes;
    expect(outcome).toMatchObject({ status: "current", id: first });
    expect(world.tags.get("t-base:1")).toBe(first);
    expect(new Set(world.images.keys())).toEqual(new Set(world.tags.values()));
  });
});

test.each(["0", "f"])(
  "an image that a killed process labelled and did not tag gets the tag or goes (%s)",
  async (digit) => {
    const world = createMemoryEngine();
    await buildImages(world.engine, [base], handMadeSettings()).outcomes;
    const finished = world.images.get(world.tags.get("t-base:1") ?? "");
    if (finished === undefined) throw new Error("not built");
    const orphan = { ...finished, id: `sha256:${digit.repeat(64)}` };
    world.images.delete(finished.id);
    world.images.set(orphan.id, orphan);
    world.tags.delete("t-base:1");

    const settings = handMadeSettings();
    const [outcome] = await buildImages(world.engine, [base], settings).outcomes;
    const tagged = world.tags.get("t-base:1");
    expect(outcome).toMatchObject({ id: tagged });
    expect(tagged).toBe(digit === "0" ? orphan.id : finished.id);
    expect(settings.facts.at(-1)?.imageId).toBe(tagged);
    expect(new Set(world.images.keys())).toEqual(new Set(world.tags.values()));
  },
);
