import { expect } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import type { PredictedSize } from "../../src/plan/predict-sizes.ts";

/**
 * Holds the images that a document of `plan --json` names against what the engine has of them: what was measured comes to
 * within a twentieth, anything else to within a quarter. Nothing in them may be of unknown size.
 */
export async function expectPredictedSizes(engine: Engine, document: string): Promise<void> {
  const images: readonly (ImagePlan & { readonly size: PredictedSize })[] =
    JSON.parse(document).result.images;
  const sizeOf = async (reference: string) => (await engine.images.inspect(reference))?.sizeBytes ?? 0;
  expect(images.length).toBeGreaterThan(0);
  for (const { name, tag, below, size } of images) {
    const added = (await sizeOf(tag)) - (await sizeOf(below.reference));
    const isMeasured = size.layers.every((layer) => !layer.estimated);
    const ratio = size.installedBytes / added;
    expect(size.unknown, name).toEqual([]);
    expect(Math.abs(ratio - 1), `${name}: ${ratio}`).toBeLessThan(isMeasured ? 0.05 : 0.25);
  }
}
