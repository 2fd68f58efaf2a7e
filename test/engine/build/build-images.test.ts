import { describe, expect, test } from "vitest";
import { buildImages } from "../../../src/engine/build/build-images.ts";
import type { BuildEvent } from "../../../src/engine/build-event.ts";
import { handMadePlan, handMadeSettings } from "../../support/hand-made-plan.ts";
import { createMemoryEngine } from "../../support/memory-engine.ts";

const base = handMadePlan({
  name: "base",
  tag: "t-base:1",
  below: "debian:test",
  steps: ["RUN base"],
  promises: ["sh"],
});
const common = handMadePlan({
  name: "common",
  tag: "t-common:1",
  below: base,
  steps: ["RUN common"],
  promises: ["go"],
});
const browser = handMadePlan({ name: "browser", tag: "t-browser:1", below: base, steps: ["RUN browser"] });
const skills = handMadePlan({
  name: "skills",
  tag: "t-skills:1",
  below: common,
  steps: ["RUN skills"],
  promises: ["jq"],
});
const all = [base, common, browser, skills];

async function collect(run: AsyncIterable<BuildEvent>): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

test("builds every image after the one below it, and tags each as the last thing", async () => {
  const world = createMemoryEngine();
  const settings = handMadeSettings();
  const run = buildImages(world.engine, all, settings);
  const events = await collect(run);
  const outcomes = await run.outcomes;
  expect(outcomes.map(({ image, status }) => [image, status])).toEqual(
    all.map(({ name }) => [name, "built"]),
  );
  expect(outcomes[3]).toMatchObject({
    tag: "t-skills:1",
    hash: skills.hash,
    layers: 4,
    binaries: [{ name: "jq", version: "1.0", versionArgs: null }],
    leftOut: [],
  });
  const built = events.filter(({ type }) => type === "image-built").map(({ image }) => image);
  expect(built.indexOf("base")).toBe(0);
  expect(built.indexOf("skills")).toBeGreaterThan(built.indexOf("common"));
  // Facts belong to the image that got the tag.
  expect(new Set(settings.facts.map(({ imageId }) => imageId))).toEqual(
    new Set(outcomes.map((one) => ("id" in one ? one.id : ""))),
  );
  // Nothing untagged stays, and no container.
  expect(new Set(world.tags.values())).toEqual(new Set(world.images.keys()));
  expect(world.containers.size).toBe(0);
});

test("independent images are built side by side, at most as many as asked for", async () => {
  const world = createMemoryEngine();
  let running = 0;
  let most = 0;
  world.before = async (call) => {
    if (call === "builds.build") running += 1;
    most = Math.max(most, running);
    if (call === "builds.end") running -= 1;
  };
  await buildImages(world.engine, [base, browser, common], handMadeSettings()).outcomes;
  expect(most).toBeGreaterThan(1);
  most = 0;
  running = 0;
  await buildImages(
    world.engine,
    [base, browser, common],
    handMadeSettings({ noCache: () => true, concurrency: 1 }),
  ).outcomes;
  expect(most).toBe(1);
});

test("what is current costs one inspect and nothing else", async () => {
  const world = createMemoryEngine();
  await buildImages(world.engine, all, handMadeSettings()).outcomes;
  world.calls.length = 0;
  const run = buildImages(world.engine, all, handMadeSettings());
  const events = await collect(run);
  expect(world.calls.sort()).toEqual(all.map(({ tag }) => `images.inspect ${tag}`).sort());
  expect((await run.outcomes).every(({ status }) => status === "current")).toBe(true);
  expect(events.map(({ type }) => type)).toEqual(Array(4).fill("image-current"));
});

test("with noCache everything is built anew, and the images before are removed", async () => {
  const world = createMemoryEngine();
  await buildImages(world.engine, [base], handMadeSettings()).outcomes;
  const [outcome] = await buildImages(world.engine, [base], handMadeSettings({ noCache: () => true }))
    .outcomes;
  expect(outcome?.status).toBe("built");
  expect(world.images.size).toBe(2);
});

test("noCache for an image says nothing of the one below it", async () => {
  const world = createMemoryEngine();
  await buildImages(world.engine, [base, common], handMadeSettings()).outcomes;
  const settings = handMadeSettings({ noCache: ({ name }) => name === common.name });
  const outcomes = await buildImages(world.engine, [base, common], settings).outcomes;
  expect(outcomes.map(({ status }) => status)).toEqual(["current", "built"]);
});

describe("a binary that does not work", () => {
  const programs = { jq: { stdout: "ok\n" } };
  const old = handMadePlan({ name: "skills", tag: "t-skills:1", below: "debian:test", steps: ["RUN old"] });
  const broken = handMadePlan({
    name: "skills",
    tag: "t-skills:1",
    below: "debian:test",
    steps: ["RUN new"],
    promises: ["curl", "jq"],
  });

  test("fails the image at the line that asked for it, and the old tag stays", async () => {
    const world = createMemoryEngine(programs);
    await buildImages(world.engine, [old], handMadeSettings()).outcomes;
    const tagged = world.tags.get("t-skills:1");
    const images = [...world.images.keys()];
    const settings = handMadeSettings();
    const run = buildImages(world.engine, [broken], settings);
    const events = await collect(run);
    expect(await run.outcomes).toEqual([
      {
        status: "failed",
        image: "skills",
        tag: "t-skills:1",
        hash: broken.hash,
        seconds: expect.any(Number),
        code: "PROBE_FAILED",
        message: expect.stringMatching(
          /^1 of 2 binaries do not work in skills: jq: `jq --version` ends with exit code 0/,
        ),
        hint: expect.any(String),
        places: [{ file: "/skills/skills/SKILL.md", line: 101, column: 1 }],
        log: [],
      },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "image-failed", code: "PROBE_FAILED" });
    expect(world.tags.get("t-skills:1")).toBe(tagged);
    expect([...world.images.keys()]).toEqual(images);
    expect(world.containers.size).toBe(0);
    expect(settings.facts).toEqual([]);
  });
});

describe("a step that fails", () => {
  const failing = handMadePlan({
    name: "base",
    tag: "t-base:1",
    below: "debian:test",
    steps: ["RUN one", "RUN false"],
  });
  const above = handMadePlan({ name: "common", tag: "t-common:1", below: failing, steps: ["RUN common"] });
  const beside = handMadePlan({
    name: "other",
    tag: "t-other:1",
    below: "debian:test",
    steps: ["RUN other"],
  });

  test("fails its image with the step's log and the lines that asked for it, and those above; others go on", async () => {
    const world = createMemoryEngine();
    const [first, second, third] = await buildImages(
      world.engine,
      [failing, above, beside],
      handMadeSettings(),
    ).outcomes;
    expect(first).toMatchObject({
      status: "failed",
      code: "BUILD_FAILED",
      places: [{ file: "/skills/base/SKILL.md", line: 2 }],
      log: ["it broke"],
    });
    expect(second).toMatchObject({
      status: "failed",
      code: "BUILD_FAILED",
      message: "common stands on base, which failed",
      places: [],
    });
    expect(third).toMatchObject({ status: "built" });
  });
});

describe("the image below", () => {
  test("is looked up where it is not built along", async () => {
    const world = createMemoryEngine();
    await buildImages(world.engine, [base], handMadeSettings()).outcomes;
    const [outcome] = await buildImages(world.engine, [common], handMadeSettings()).outcomes;
    expect(outcome).toMatchObject({ status: "built", layers: 3 });
  });

  test("that is missing, or made from another plan, is an error of the image", async () => {
    const world = createMemoryEngine();
    const [missing] = await buildImages(world.engine, [common], handMadeSettings()).outcomes;
    expect(missing).toMatchObject({ status: "failed", code: "IMAGE_NOT_FOUND" });
    const other = handMadePlan({ name: "base", tag: "t-base:1", below: "debian:test", steps: ["RUN other"] });
    await buildImages(world.engine, [other], handMadeSettings()).outcomes;
    const [changed] = await buildImages(world.engine, [common], handMadeSettings()).outcomes;
    expect(changed).toMatchObject({ status: "failed", code: "IMAGE_BELOW_CHANGED" });
  });

  test("whose tag moves during the build fails it: the result stands on something else", async () => {
    const world = createMemoryEngine();
    await buildImages(world.engine, [base], handMadeSettings()).outcomes;
    const debian = world.tags.get("debian:test") ?? "";
    world.before = (call) => {
      if (call === "builds.build") world.tags.set("t-base:1", debian);
    };
    const [outcome] = await buildImages(world.engine, [common], handMadeSettings()).outcomes;
    expect(outcome).toMatchObject({ status: "failed", code: "IMAGE_BELOW_CHANGED" });
    expect(world.tags.has("t-common:1")).toBe(false);
  });
});

describe("a signal", () => {
  test.each(["builds.build", "containers.create", "containers.exec timeout", "images.tag t-base:1"])(
    "at %s stops everything and leaves nothing",
    async (moment) => {
      const world = createMemoryEngine();
      const caller = new AbortController();
      world.before = (call) => {
        if (call === moment) caller.abort("SIGINT");
      };
      const outcomes = await buildImages(world.engine, all, handMadeSettings({ signal: caller.signal }))
        .outcomes;
      // A tag that is on its way is set.
      const finished = moment === "images.tag t-base:1" ? ["built"] : [];
      expect(outcomes.map(({ status }) => status)).toEqual([
        ...finished,
        ...Array(4 - finished.length).fill("cancelled"),
      ]);
      expect(world.containers.size).toBe(0);
      expect(new Set(world.images.keys())).toEqual(new Set(world.tags.values()));
    },
  );

  test("that came before anything began is no error", async () => {
    const world = createMemoryEngine();
    const run = buildImages(world.engine, all, handMadeSettings({ signal: AbortSignal.abort() }));
    expect((await run.outcomes).map(({ status }) => status)).toEqual(Array(4).fill("cancelled"));
    expect(world.images.size).toBe(1);
  });

  test("is the same as a reader who breaks off", async () => {
    const world = createMemoryEngine();
    const run = buildImages(world.engine, all, handMadeSettings());
    for await (const event of run) if (event.type === "probe-started") break;
    expect((await run.outcomes).map(({ status }) => status)).toEqual(Array(4).fill("cancelled"));
    expect(world.containers.size).toBe(0);
  });
});

test("further tags are given with the first one, and to an image that is current", async () => {
  const world = createMemoryEngine();
  const settings = handMadeSettings({ aliases: (tag) => [tag.replace("t-", "old-")] });
  await buildImages(world.engine, [base], settings).outcomes;
  expect(world.tags.get("old-base:1")).toBe(world.tags.get("t-base:1"));
  world.tags.delete("old-base:1");
  const [outcome] = await buildImages(world.engine, [base], settings).outcomes;
  expect(outcome?.status).toBe("current");
  expect(world.tags.get("old-base:1")).toBe(world.tags.get("t-base:1"));
});
