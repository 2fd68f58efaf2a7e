import { randomInt } from "node:crypto";
import { beforeAll, expect, inject, test } from "vitest";
import { buildImages } from "../../src/engine/build/build-images.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { verifyImage } from "../../src/engine/probe/verify-image.ts";
import { handMadePlan, handMadeSettings } from "../support/hand-made-plan.ts";
import { buildProbedImage } from "../support/probed-image.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

let engine: Engine;
const signal = new AbortController().signal;

beforeAll(async () => {
  engine = await connectTestEngine();
});

test("an image of ours keeps the promises of its labels, with the arguments that they name", async () => {
  const plan = handMadePlan({
    name: "labelled",
    tag: `${inject("tagPrefix")}labelled:${randomInt(2 ** 40)}`,
    below: inject("baseImage"),
    steps: [
      `LABEL ${testLabel}=${inject("testRun")}`,
      "RUN printf '#!/bin/sh\\n[ \"$1\" = -V ] && echo odd 7.1\\n' > /usr/local/bin/odd && chmod 0755 /usr/local/bin/odd",
    ],
    promises: ["bash", "odd"],
  });
  await buildImages(engine, [plan], handMadeSettings()).outcomes;
  const result = await verifyImage(engine, plan.tag, { signal, binaries: [] });
  expect(result).toMatchObject({ promisedBy: "labels", ok: true, diagnostics: [] });
  expect(result.facts.binaries).toMatchObject([
    { name: "bash", ok: true },
    { name: "odd", ok: true, version: "odd 7.1", versionArgs: ["-V"] },
  ]);

  const named = await verifyImage(engine, plan.tag, { signal, binaries: ["odd", "absent", "odd"] });
  expect(named).toMatchObject({ promisedBy: "caller", ok: false });
  expect(named.facts.binaries.map(({ name, ok }) => [name, ok])).toEqual([
    ["absent", false],
    ["odd", true],
  ]);
});

test("an image from elsewhere is asked for well-known commands, and which of them it has is no failure", async () => {
  const image = await buildProbedImage(engine, {});
  const result = await verifyImage(engine, image, { signal, binaries: [] });
  expect(result).toMatchObject({ promisedBy: "well-known", ok: true });
  const names = result.facts.binaries.map(({ name }) => name);
  expect(names).toContain("tar");
  expect(names).not.toContain("ffmpeg");
  expect(result.diagnostics).toMatchObject([{ code: "IMAGE_PROMISES_NOTHING", severity: "info" }]);
  expect(result.diagnostics[0]?.message).toContain(`it has ${names.length}`);
});

test("what cannot be verified", async () => {
  await expect(
    verifyImage(engine, "skillcrate-no-such-image:1", { signal, binaries: [] }),
  ).rejects.toMatchObject({
    code: "IMAGE_NOT_FOUND",
  });
  const odd = ["-rf", "a b", "$(id)", "a\nb", "", "x".repeat(65)];
  for (const name of odd) {
    await expect(
      verifyImage(engine, inject("baseImage"), { signal, binaries: [name] }),
    ).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
  }
});
