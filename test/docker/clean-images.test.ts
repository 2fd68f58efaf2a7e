import { randomInt } from "node:crypto";
import { beforeAll, expect, inject, test } from "vitest";
import { buildImages } from "../../src/engine/build/build-images.ts";
import { cleanImages } from "../../src/engine/clean-images.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { type HandMade, handMadePlan, handMadeSettings } from "../support/hand-made-plan.ts";
import { occupyImage } from "../support/occupy-image.ts";
import { buildRequest, imageOf, runBuild } from "../support/run-build.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
});

const mark = `clean-${randomInt(2 ** 40)}`;

/** The engine as if it had only what this file made: what else is on this machine is not ours to clean. */
function onlyOurs(): Engine {
  return {
    ...engine,
    images: {
      ...engine.images,
      list: async (label) =>
        (await engine.images.list(label)).filter(({ labels }) => labels["test.mark"] === mark),
    },
    containers: { ...engine.containers, list: async () => [] },
  };
}

function planOf(name: string, parts: Partial<HandMade> = {}): ImagePlan {
  return handMadePlan({
    name,
    tag: `${inject("tagPrefix")}${name}:1`,
    below: inject("baseImage"),
    steps: [
      `LABEL ${testLabel}=${inject("testRun")} test.mark=${mark}`,
      `RUN head -c 3000000 /dev/urandom > /opt/${name}`,
    ],
    ...parts,
  });
}

test("removes what was built here, with its tags, and nothing that others made of it", async () => {
  const aliases = (tag: string) => [tag.replace(":1", ":alias")];
  const wanted = () => true;
  const lower = planOf("lower");
  const upper = planOf("upper", { below: lower });
  const used = planOf("used");
  const named = planOf("named");
  const plans = [lower, upper, used, named];
  const settings = handMadeSettings({ aliases });
  const outcomes = await buildImages(engine, plans, settings).outcomes;
  const ids = outcomes.map((outcome) => ("id" in outcome ? outcome.id : ""));
  const [lowerId = "", upperId = "", usedId = "", namedId = ""] = ids;

  // Three that inherit every label of `upper`: with a layer, without one, and without a name.
  const child = await buildOn(upper.tag, "RUN touch /opt/theirs");
  const tuned = await buildOn(upper.tag, "ENV THEIRS=1");
  const theirs = `${inject("tagPrefix")}theirs:1`;
  await engine.images.tag(tuned, theirs);
  const theirName = `${inject("tagPrefix")}their-name:1`;
  await engine.images.tag(namedId, theirName);
  await occupyImage(engine, used.tag, async () => {
    const dry = await cleanImages(onlyOurs(), { dryRun: true, wanted, aliases });
    expect(dry.removed.map(({ id }) => id).toSorted()).toEqual([lowerId, upperId, usedId].toSorted());
    for (const id of ids) expect(await engine.images.inspect(id)).not.toBeNull();

    const result = await cleanImages(onlyOurs(), { dryRun: false, wanted, aliases });
    expect(result.removed.map(({ id, tags }) => [id, tags.toSorted()])).toEqual([
      [upperId, [`${inject("tagPrefix")}upper:1`, `${inject("tagPrefix")}upper:alias`]],
      [lowerId, [`${inject("tagPrefix")}lower:1`, `${inject("tagPrefix")}lower:alias`]],
    ]);
    expect(result.removed.map(({ ownBytes }) => Math.round(ownBytes / 1e6))).toEqual([3, 3]);
    expect(result.freedBytes).toBe(result.removed.reduce((sum, { ownBytes }) => sum + ownBytes, 0));
    expect(result.kept.map(({ id, reason }) => [id, reason]).toSorted()).toEqual(
      [
        [usedId, "a container or another image needs it"],
        [namedId, `it is also tagged ${theirName}`],
      ].toSorted(),
    );
    // What stays has its names.
    expect((await engine.images.inspect(usedId))?.tags.toSorted()).toEqual(
      [used.tag, ...aliases(used.tag)].toSorted(),
    );
    expect((await engine.images.inspect(namedId))?.tags).toContain(named.tag);
    for (const id of [child, tuned]) expect(await engine.images.inspect(id)).not.toBeNull();
    expect(await engine.images.inspect(inject("baseImage"))).not.toBeNull();
  });
});

async function buildOn(tag: string, instruction: string): Promise<string> {
  return imageOf(await runBuild(engine, buildRequest(`FROM ${tag}\n${instruction}\n`)));
}
