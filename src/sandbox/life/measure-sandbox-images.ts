import { compareText } from "../../diagnostic/compare-text.ts";
import type { Engine } from "../../engine/engine.ts";
import { findOwnImages } from "../../engine/find-own-images.ts";
import { type CleanedImage, measureOwnImage } from "../../engine/remove-own-image.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";

/** What one image that was built here takes, and who is made of it. */
export interface ImageUsage extends CleanedImage {
  /** Containers that are made of it, whoever made them, running or not. */
  readonly containers: number;
}

/** The images that were built here, the largest first; layers that one has from the image below it count there. */
export async function measureSandboxImages(
  engine: Engine,
  signal?: AbortSignal,
): Promise<readonly ImageUsage[]> {
  const containers = await engine.sandboxes.list([], signal === undefined ? {} : { signal });
  const usages: ImageUsage[] = [];
  for (const image of await findOwnImages(engine)) {
    throwIfCancelled(signal);
    const { id, tags } = image;
    usages.push({
      ...{ id, tags },
      ownBytes: await measureOwnImage(engine, image),
      containers: containers.filter(({ imageId }) => imageId === id).length,
    });
  }
  return usages.sort((a, b) => b.ownBytes - a.ownBytes || compareText(a.id, b.id));
}
