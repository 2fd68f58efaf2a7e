import { randomInt } from "node:crypto";
import { homedir } from "node:os";
import Docker from "dockerode";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { buildImages } from "../../src/engine/build/build-images.ts";
import type { BuildEvent } from "../../src/engine/build-event.ts";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { imageLabels, runLabel } from "../../src/engine/label/label-names.ts";
import { readImageLabels } from "../../src/engine/label/label-reader.ts";
import { currentRun } from "../../src/engine/run-identity.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { type HandMade, handMadePlan, handMadeSettings } from "../support/hand-made-plan.ts";
import { occupyImage } from "../support/occupy-image.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
});

/** An executable script as one instruction. */
function script(name: string, text: string): string {
  return `RUN printf '#!/bin/sh\\n${text}\\n' > /usr/local/bin/${name} && chmod 0755 /usr/local/bin/${name}`;
}

/** No two plans of a run are equal, so that nothing comes from a build cache by accident. */
function planOf(name: string, parts: Partial<HandMade> = {}): ImagePlan {
  const { steps = [], below = inject("baseImage"), ...rest } = parts;
  return handMadePlan({
    name,
    tag: `${inject("tagPrefix")}${name}:${randomInt(2 ** 40)}`,
    below,
    steps: [`LABEL ${testLabel}=${inject("testRun")}`, `ENV MARK=${randomInt(2 ** 40)}`, ...steps],
    ...rest,
  });
}

async function collect(run: AsyncIterable<BuildEvent>): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

/** What this process made and did not finish. */
async function leftovers(): Promise<readonly string[]> {
  const containers = await engine.containers.list(`${runLabel}=${currentRun()}`);
  const images = await engine.images.list(`${imageLabels.state}=building ${currentRun()}`);
  const untagged = images.filter(({ tags }) => tags.length === 0);
  return [...containers, ...untagged].map(({ id }) => id);
}

describe.each(["buildkit", "classic"] as const)("%s", (builder) => {
  test("two images on top of each other: probed, labelled without a layer, tagged; then there is nothing to do", async () => {
    const user = "RUN useradd --create-home --uid 1000 sandbox";
    const lower = planOf("lower", {
      steps: [user, script("one", "echo one 1.2.3"), "USER sandbox"],
      promises: ["bash", "one"],
    });
    const upper = planOf("upper", {
      below: lower,
      steps: ["USER root", script("two", "echo Usage: two"), "USER sandbox"],
      promises: ["one", "two"],
    });
    const settings = handMadeSettings({ builder });
    const run = buildImages(engine, [lower, upper], settings);
    const events = await collect(run);
    const outcomes = await run.outcomes;
    expect(outcomes.map(({ status }) => status)).toEqual(["built", "built"]);
    expect(events.filter(({ type }) => type === "binary-probed")).toHaveLength(4);

    const images = [await engine.images.inspect(lower.tag), await engine.images.inspect(upper.tag)];
    expect(images.map((image) => image?.id)).toEqual(
      outcomes.map((outcome) => "id" in outcome && outcome.id),
    );
    expect(settings.facts.map(({ imageId }) => imageId)).toEqual(images.map((image) => image?.id));
    expect(images[0]?.labels).toMatchObject({
      [imageLabels.plan]: lower.hash,
      [imageLabels.image]: "lower",
      [imageLabels.refName]: lower.tag,
      [imageLabels.baseName]: inject("baseImage"),
      [imageLabels.binaries]: expect.stringMatching(/^\{"bash":"5\.[^"]+","one":"1\.2\.3"\}$/),
      [imageLabels.leftOut]: "[]",
    });
    expect(images[1]?.labels).toMatchObject({
      [imageLabels.image]: "upper",
      [imageLabels.base]: images[0]?.id,
      [imageLabels.binaries]: '{"one":"1.2.3","two":null}',
    });
    // One layer for each step that changed files, none for labels; the lower image's come first.
    const base = await engine.images.inspect(inject("baseImage"));
    expect(images[0]?.layers).toEqual([...(base?.layers ?? []), expect.any(String), expect.any(String)]);
    expect(images[1]?.layers).toEqual([...(images[0]?.layers ?? []), expect.any(String)]);
    expect(await leftovers()).toEqual([]);

    const proxy = await startCountingProxy();
    const watched = await connectEngine({
      env: { DOCKER_HOST: `unix://${proxy.socketPath}` },
      homeDir: homedir(),
    });
    proxy.requests.length = 0;
    const again = buildImages(watched, [lower, upper], handMadeSettings({ builder }));
    expect((await again.outcomes).map(({ status }) => status)).toEqual(["current", "current"]);
    expect(proxy.requests.toSorted()).toEqual(
      [lower, upper].map(({ tag }) => expect.stringMatching(`^GET (/v[0-9.]+)?/images/${tag}/json$`)),
    );
  });

  test("a command that only pretends fails the image, and the tag stays on the old one", async () => {
    const old = planOf("pretends", { steps: [script("tool", "echo tool 1.0")], promises: ["tool"] });
    const [before] = await buildImages(engine, [old], handMadeSettings({ builder })).outcomes;
    const next = planOf("pretends", { tag: old.tag, steps: [script("tool", "echo ok")], promises: ["tool"] });
    const [outcome] = await buildImages(engine, [next], handMadeSettings({ builder })).outcomes;
    expect(outcome).toMatchObject({
      status: "failed",
      code: "PROBE_FAILED",
      message: expect.stringContaining("tool: `tool --version` ends with exit code 0 but shows no version"),
      places: [{ file: "/skills/pretends/SKILL.md", line: 100 }],
    });
    expect((await engine.images.inspect(old.tag))?.id).toBe(
      before !== undefined && "id" in before && before.id,
    );
    expect(await leftovers()).toEqual([]);
  });

  test("a step that fails is shown at the line that asked for it", async () => {
    const plan = planOf("fails", { steps: ["RUN true", "RUN echo it broke >&2; exit 3"] });
    const run = buildImages(engine, [plan], handMadeSettings({ builder }));
    const events = await collect(run);
    expect(await run.outcomes).toMatchObject([
      {
        status: "failed",
        code: "BUILD_FAILED",
        places: [{ file: "/skills/fails/SKILL.md", line: 2, column: 1 }],
        log: ["it broke"],
      },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "image-failed", log: ["it broke"] });
    expect(await engine.images.inspect(plan.tag)).toBeNull();
    expect(await leftovers()).toEqual([]);
  });

  test("a signal ends everything soon and leaves nothing", async () => {
    const plan = planOf("stopped", { steps: ["RUN sleep 120"] });
    const caller = new AbortController();
    const run = buildImages(engine, [plan], handMadeSettings({ builder, signal: caller.signal }));
    let stoppedAt = 0;
    for await (const event of run) {
      if (event.type !== "step-started" || !event.title.includes("sleep")) continue;
      stoppedAt = performance.now();
      caller.abort("SIGINT");
    }
    expect(await run.outcomes).toMatchObject([{ status: "cancelled" }]);
    expect(performance.now() - stoppedAt).toBeLessThan(5000);
    expect(await engine.images.inspect(plan.tag)).toBeNull();
    expect(await leftovers()).toEqual([]);
  });
});

test("the image that had the tag goes when nothing needs it, and stays when something does", async () => {
  const first = planOf("replaced");
  const next = () => planOf("replaced", { tag: first.tag });
  const [one] = await buildImages(engine, [first], handMadeSettings()).outcomes;
  const [two] = await buildImages(engine, [next()], handMadeSettings()).outcomes;
  if (one === undefined || !("id" in one) || two === undefined || !("id" in two))
    throw new Error("not built");
  expect(await engine.images.inspect(one.id)).toBeNull();

  await occupyImage(engine, two.id, async () => {
    expect(await buildImages(engine, [next()], handMadeSettings()).outcomes).toMatchObject([
      { status: "built" },
    ]);
    expect(await engine.images.inspect(two.id)).toMatchObject({ tags: [] });
  });
});

test("cache metadata that BuildKit puts inside survives the labels", async () => {
  const plan = planOf("inline-cache", { steps: [script("tool", "echo tool 1.0")], promises: ["tool"] });
  const run = buildImages(engine, [plan], handMadeSettings({ builder: "buildkit", inlineCache: true }));
  expect(await run.outcomes).toMatchObject([{ status: "built" }]);
  const image = await engine.images.inspect(plan.tag);
  expect(image === null ? null : readImageLabels(image)).toMatchObject({ planHash: plan.hash });
  expect(await savedImageHas(plan.tag, "moby.buildkit.cache.v0")).toBe(true);
  expect(await leftovers()).toEqual([]);
});

/** Searches the files of an exported image: its configuration is told by no other request. */
async function savedImageHas(reference: string, text: string): Promise<boolean> {
  let tail = "";
  for await (const chunk of await new Docker().getImage(reference).get()) {
    const part = tail + Buffer.from(chunk).toString("latin1");
    if (part.includes(text)) return true;
    tail = part.slice(-text.length);
  }
  return false;
}
