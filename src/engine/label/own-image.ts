import type { Engine, ImageDetails } from "../engine.ts";
import { imageLabels, madeLabel } from "./label-names.ts";
import { readImageLabels } from "./label-reader.ts";

/**
 * Whether an image is one that was finished here, and not one that somebody made from it, who would inherit the labels
 * and perhaps all layers: what was done to ours last is that it got its labels. To be asked before anything is removed.
 */
export async function isOwnImage(engine: Engine, image: ImageDetails): Promise<boolean> {
  if (readImageLabels(image) === null) return false;
  const [last] = await engine.images.history(image.id);
  return last?.createdBy.includes(imageLabels.plan) === true;
}

/** Whether an image is a bootstrapped base as it was imported: nothing was done to it since. */
export async function isOwnBase(engine: Engine, image: ImageDetails): Promise<boolean> {
  if (image.labels[madeLabel.key] !== madeLabel.base || image.layers.length !== 1) return false;
  return (await engine.images.history(image.id)).length === 1;
}
