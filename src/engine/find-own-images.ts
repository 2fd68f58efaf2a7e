import { compareText } from "../diagnostic/compare-text.ts";
import type { Engine, ImageDetails } from "./engine.ts";
import { imageLabels, madeLabel } from "./label/label-names.ts";
import { isOwnBase, isOwnImage } from "./label/own-image.ts";

/** Every image that was made here: finished ones and bootstrapped bases. Those that stand on others come first. */
export async function findOwnImages(engine: Engine): Promise<readonly ImageDetails[]> {
  const finished = await engine.images.list(imageLabels.plan);
  const bases = await engine.images.list(`${madeLabel.key}=${madeLabel.base}`);
  const own = new Map<string, ImageDetails>();
  for (const image of finished) if (await isOwnImage(engine, image)) own.set(image.id, image);
  for (const image of bases) if (await isOwnBase(engine, image)) own.set(image.id, image);
  return [...own.values()].sort(
    (left, right) => right.layers.length - left.layers.length || compareText(left.id, right.id),
  );
}
