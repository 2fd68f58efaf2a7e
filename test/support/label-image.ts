import { inject } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { labelInstruction } from "../../src/engine/label/label-instruction.ts";
import { imageLabels, verifiedState } from "../../src/engine/label/label-names.ts";
import { buildRequest, imageOf, onTestBase, runBuild } from "./run-build.ts";

/** The base image under another name, with the labels of an image in which these commands were run. */
export async function labelImage(engine: Engine, tag: string, binaries: readonly string[]): Promise<void> {
  const base = await engine.images.inspect(inject("baseImage"));
  const labels = labelInstruction({
    [imageLabels.plan]: "0".repeat(64),
    [imageLabels.image]: "labelled",
    [imageLabels.state]: verifiedState,
    [imageLabels.topLayer]: base?.layers.at(-1) ?? "",
    [imageLabels.binaries]: JSON.stringify(Object.fromEntries(binaries.map((name) => [name, "1.0"]))),
  });
  const request = buildRequest(onTestBase(labels), { builder: "classic" });
  await engine.images.tag(imageOf(await runBuild(engine, request)), tag);
}
