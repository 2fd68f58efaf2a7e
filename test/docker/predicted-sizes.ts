import { expect } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { readImageLabels } from "../../src/engine/label/label-reader.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import type { PredictedSize } from "../../src/plan/predict-sizes.ts";

/**
 * Holds the images that a document of `plan --json` names against what the engine has of them: what was measured comes to
 * within a twentieth, anything else to within a quarter. What comes from an index that nothing is known of beforehand may be of
 * unknown size, and is named; where the image is without it, the rest is held to the same.
 */
export async function expectPredictedSizes(engine: Engine, document: string): Promise<void> {
  const images: readonly (ImagePlan & { readonly size: PredictedSize })[] =
    JSON.parse(document).result.images;
  expect(images.length).toBeGreaterThan(0);
  for (const { name, tag, below, size } of images) {
    const [image, imageBelow] = [
      await engine.images.inspect(tag),
      await engine.images.inspect(below.reference),
    ];
    const added = (image?.sizeBytes ?? 0) - (imageBelow?.sizeBytes ?? 0);
    const leftOut = image === null ? [] : (readImageLabels(image)?.leftOut ?? []);
    const isMeasured = size.layers.every((layer) => !layer.estimated);
    const ratio = size.installedBytes / added;
    expect(
      size.unknown.filter((each) => !/^(?:python|go|cargo|download) /.test(each)),
      name,
    ).toEqual([]);
    const isWithout = (each: string) => leftOut.some((out) => each.includes(out.package));
    if (!size.unknown.every(isWithout)) continue;
    expect(Math.abs(ratio - 1), `${name}: ${ratio}`).toBeLessThan(isMeasured ? 0.05 : 0.25);
  }
}
