import { beforeAll, describe, expect, inject, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { usePackageCli } from "./package-cli.ts";
import { expectPredictedSizes } from "./predicted-sizes.ts";

const { build, run, skills } = usePackageCli();
const all = ["--only", "base,common,browser,skills", "--name", "examples"];
const images = ["base", "browser", "common", "examples"];
const below = inject("baseImage");
let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
});

describe.each([
  { builder: "BuildKit", prefix: `${inject("tagPrefix")}bk`, env: {} },
  { builder: "the classic builder", prefix: `${inject("tagPrefix")}classic`, env: { DOCKER_BUILDKIT: "0" } },
])("every image of the package, by $builder", ({ prefix, env }) => {
  test("is built and proven, and the next time there is nothing to do", async () => {
    const first = await build([skills(), ...all], prefix, env);
    const { outcome, result } = JSON.parse(first.stdout);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(outcome).toBe("ok");
    expect(result.images.map((image: { image: string }) => image.image).sort()).toEqual(images);
    for (const image of result.images) {
      expect(image).toMatchObject({ status: "built" });
      expect(image.binaries.length).toBeGreaterThan(3);
      expect((await engine.images.inspect(image.tag))?.id).toBe(image.id);
    }
    // Only what is for another system stays out.
    expect(result.leftOut.map((skill: { skill: string }) => skill.skill)).toEqual(["mac-shortcuts"]);
    const base = result.images.find((image: { image: string }) => image.image === "base");
    expect(base.sizeBytes).toBeLessThan(220e6);

    const { stdout } = await run([
      "plan",
      skills(),
      ...all,
      "--tag-prefix",
      prefix,
      "--base-image",
      below,
      "--json",
    ]);
    await expectPredictedSizes(engine, stdout);

    const second = JSON.parse((await build([skills(), ...all], prefix, env)).stdout);
    expect(second.result.images.map((image: { status: string }) => image.status)).toEqual(
      images.map(() => "current"),
    );
  });
});
