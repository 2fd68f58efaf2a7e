import { randomInt } from "node:crypto";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { buildImages } from "../../src/engine/build/build-images.ts";
import type { BuildEvent } from "../../src/engine/build-event.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { imageLabels, runLabel } from "../../src/engine/label/label-names.ts";
import { isDeadRun } from "../../src/engine/run-identity.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { buildInProcess, compileSources } from "../support/build-in-process.ts";
import { handMadePlan, handMadeSettings } from "../support/hand-made-plan.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

let engine: Engine;
let dir: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-build-"));
  compileSources(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function planOf(name: string, steps: readonly string[], promises: readonly string[] = []): ImagePlan {
  return handMadePlan({
    name,
    tag: `${inject("tagPrefix")}${name}:${randomInt(2 ** 40)}`,
    below: inject("baseImage"),
    steps: [`LABEL ${testLabel}=${inject("testRun")}`, `ENV MARK=${randomInt(2 ** 40)}`, ...steps],
    promises,
  });
}

/** Containers and untagged half-made images whose process is dead. */
async function ofTheDead(): Promise<readonly string[]> {
  const containers = (await engine.containers.list(runLabel)).filter(({ labels }) =>
    isDeadRun(labels[runLabel] ?? ""),
  );
  const images = (await engine.images.list(imageLabels.state)).filter(({ labels, tags }) => {
    const [state, run = ""] = (labels[imageLabels.state] ?? "").split(" ");
    return state === "building" && tags.length === 0 && isDeadRun(run);
  });
  return [...containers, ...images].map(({ id }) => id);
}

const tool = (text: string) =>
  `RUN printf '#!/bin/sh\\n${text}\\n' > /usr/local/bin/tool && chmod 0755 /usr/local/bin/tool`;

describe.each(["buildkit", "classic"] as const)("%s: after kill -9", (builder) => {
  type Told = BuildEvent | { readonly type: "labelled" };
  const moments: Readonly<Record<string, (event: Told) => boolean>> = {
    "in a build step": (event) => event.type === "step-started" && event.title.includes("sleep"),
    "in a probe": (event) => event.type === "binary-probed",
    "between labels and tag": (event) => event.type === "labelled",
  };

  test.each(Object.keys(moments))(
    "%s nothing has a tag; the next run makes the image and leaves nothing else",
    async (moment) => {
      const mark = `kill-${randomInt(2 ** 40)}`;
      const slow =
        "RUN printf '#!/bin/sh\\nsleep 2; echo slow 1.0\\n' > /usr/bin/slow && chmod 0755 /usr/bin/slow";
      const steps = [`LABEL test.mark=${mark}`, "RUN sleep 3", tool("echo tool 1.0"), slow];
      const plan = planOf("killed", steps, ["slow", "tool"]);
      const building = buildInProcess(dir, plan, builder, moment === "between labels and tag");
      let killed = false;
      for await (const event of building.events) {
        if (moments[moment]?.(event) !== true) continue;
        killed = building.child.kill("SIGKILL");
      }
      expect(killed).toBe(true);
      expect(await building.outcomes).toEqual([]);
      expect(await engine.images.inspect(plan.tag)).toBeNull();
      if (moment === "in a probe") expect((await ofTheDead()).length).toBeGreaterThan(0);

      const [outcome] = await buildImages(engine, [plan], handMadeSettings({ builder })).outcomes;
      const tagged = await engine.images.inspect(plan.tag);
      expect(outcome).toMatchObject({ id: tagged?.id });
      expect(await ofTheDead()).toEqual([]);
      expect((await engine.images.list(`test.mark=${mark}`)).map(({ id }) => id)).toEqual([tagged?.id]);
    },
  );
});

test("two processes that build the same image at once end up with one", async () => {
  const plan = planOf("twins", ["RUN sleep 1", tool("echo tool 1.0")], ["tool"]);
  const both = [buildInProcess(dir, plan, "buildkit"), buildInProcess(dir, plan, "buildkit")];
  const outcomes = (await Promise.all(both.map((building) => building.outcomes))).flat();
  const tagged = await engine.images.inspect(plan.tag);
  expect(outcomes.map((outcome) => "id" in outcome && outcome.id)).toEqual([tagged?.id, tagged?.id]);
  const made = await engine.images.list(`${imageLabels.plan}=${plan.hash}`);
  expect(made.map(({ id }) => id)).toEqual([tagged?.id]);
  expect(await ofTheDead()).toEqual([]);
});
