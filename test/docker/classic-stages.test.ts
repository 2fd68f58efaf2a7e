import { randomInt } from "node:crypto";
import { beforeAll, expect, inject, test } from "vitest";
import { buildImages } from "../../src/engine/build/build-images.ts";
import type { BuildSettings } from "../../src/engine/build-settings.ts";
import { cleanImages } from "../../src/engine/clean-images.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { sweepLeftovers } from "../../src/engine/sweep-leftovers.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { handMadePlan, handMadeSettings } from "../support/hand-made-plan.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

let real: Engine;
const mark = `stages-${randomInt(2 ** 40)}`;

beforeAll(async () => {
  real = await connectTestEngine();
});

/** The engine as if it had only what this file made: a sweep without patience must not meet what others are at. */
function onlyOurs(): Engine {
  const list: Engine["images"]["list"] = async (label) =>
    (await real.images.list(label)).filter(({ labels }) => labels["test.mark"] === mark);
  return {
    ...real,
    images: { ...real.images, list },
    containers: { ...real.containers, list: async () => [] },
  };
}

/** A tree that is copied from a stage which stands on a toolchain, and a last step of its own. */
function planOf(name: string, tree: string, last: string): ImagePlan {
  const label = `LABEL ${testLabel}=${inject("testRun")} test.mark=${mark}`;
  return handMadePlan({
    name,
    tag: `${inject("tagPrefix")}${name}:1`,
    below: inject("baseImage"),
    steps: [
      label,
      `RUN echo ${mark} > /toolchain`,
      "FROM 0-is-replaced AS tree",
      `RUN mkdir /tree && echo ${tree} > /tree/file`,
      `FROM ${inject("baseImage")}`,
      label,
      "COPY --from=tree /tree /tree",
      `RUN echo ${last} > /last`,
    ],
  });
}

/** By title: whether the step came out of the builder's cache. */
async function build(plan: ImagePlan, changes: Partial<BuildSettings> = {}): Promise<Map<string, boolean>> {
  const settings = handMadeSettings({ builder: "classic", ...changes });
  // A hand-made Dockerfile begins with a stage that has no name.
  const render: BuildSettings["render"] = (...asked) => {
    const { image, diagnostics } = settings.render(...asked);
    if (image === null) throw new Error("not rendered");
    const dockerfile = image.dockerfile
      .replace(/^FROM (\S+)$/m, "FROM $1 AS toolchain")
      .replace("FROM 0-is-replaced", "FROM toolchain");
    const context = [{ path: "Dockerfile", mode: 0o644, content: Buffer.from(dockerfile) }];
    return { image: { ...image, dockerfile, context }, diagnostics };
  };
  const titles = new Map<string, string>();
  const cached = new Map<string, boolean>();
  const run = buildImages(onlyOurs(), [plan], { ...settings, render });
  for await (const event of run) {
    if (event.type === "step-started") titles.set(event.step, event.title);
    if (event.type === "step-done") cached.set(titles.get(event.step) ?? "", event.cached);
  }
  expect(await run.outcomes).toMatchObject([{ status: "built" }]);
  return cached;
}

/** What `docker images --filter dangling=true` shows of this file. */
async function dangling(): Promise<readonly string[]> {
  const images = await real.images.list(`test.mark=${mark}`);
  return images
    .filter(({ tags }) => tags.length === 0)
    .map(({ labels }) => labels["dev.skillcrate.state"] ?? "");
}

test("the cache of one build of each image stays, and hits; what is replaced goes; clean takes the rest", async () => {
  const step = (steps: Map<string, boolean>, text: string) =>
    [...steps].find(([title]) => title.includes(text))?.[1];

  await build(planOf("staged", "one", "first"));
  expect(await dangling()).toEqual(["stage"]);

  const changed = await build(planOf("staged", "one", "second"));
  expect([step(changed, "/toolchain"), step(changed, "/tree/file"), step(changed, "/last")]).toEqual([
    true,
    true,
    false,
  ]);
  expect(await dangling()).toEqual(["stage"]);

  // Another image that was made from the same stage keeps it, whatever becomes of the first one.
  const other = await build(planOf("other", "one", "third"));
  expect(step(other, "/tree/file")).toBe(true);
  await build(planOf("staged", "two", "fourth"));
  expect(await dangling()).toEqual(["stage", "stage"]);
  await build(planOf("staged", "three", "fifth"));
  expect(await dangling()).toEqual(["stage", "stage"]);
  expect(step(await build(planOf("other", "one", "sixth")), "/tree/file")).toBe(true);
  await build(planOf("staged", "three", "fifth"), { noCache: () => true });
  expect(await dangling()).toEqual(["stage", "stage"]);

  // Nothing is too old: all of it is somebody's cache.
  expect((await sweepLeftovers(onlyOurs(), 0)).images).toEqual([]);
  const { swept } = await cleanImages(onlyOurs(), { dryRun: false, wanted: () => true, aliases: () => [] });
  expect(swept.images).toHaveLength(2);
  expect(await real.images.list(`test.mark=${mark}`)).toEqual([]);
});
