import type { Engine, ImageDetails } from "./engine.ts";
import { findOwnImages } from "./find-own-images.ts";
import { readImageLabels } from "./label/label-reader.ts";
import { type CleanedImage, removeOwnImage } from "./remove-own-image.ts";
import { type Swept, sweepLeftovers } from "./sweep-leftovers.ts";

export interface CleanOptions {
  /** Removes nothing, and tells what would be removed. */
  readonly dryRun: boolean;
  /** Whether an image is to go, by the tag that it was built for. */
  readonly wanted: (tag: string) => boolean;
  /** Further tags that set-up gave to an image, by the tag it was built for. */
  readonly aliases: (tag: string) => readonly string[];
}

export interface CleanResult {
  readonly removed: readonly CleanedImage[];
  readonly kept: readonly (CleanedImage & { readonly reason: string })[];
  /** What killed processes had left behind; empty on a dry run. */
  readonly swept: Swept;
  /** Sum over `removed`. The engine's build cache may still hold some of it. */
  readonly freedBytes: number;
}

/**
 * Removes what was made here and nothing else: finished images with the tags that they were built for, bootstrapped
 * bases, and what killed processes left behind. An image that a container runs on, that somebody gave a name of their
 * own, or that another image stands on, is kept with that reason. Images that were pulled stay.
 */
export async function cleanImages(engine: Engine, options: CleanOptions): Promise<CleanResult> {
  const { dryRun, wanted, aliases } = options;
  const removed: CleanedImage[] = [];
  const kept: (CleanedImage & { reason: string })[] = [];
  const staying: ImageDetails[] = [];
  for (const image of await findOwnImages(engine)) {
    const builtFor = readImageLabels(image)?.tag;
    if (builtFor !== undefined && !wanted(builtFor)) {
      staying.push(image);
      continue;
    }
    const { reason, ...cleaned } = await removeOwnImage(engine, image, { dryRun, aliases, staying });
    if (reason === null) {
      removed.push(cleaned);
    } else {
      kept.push({ ...cleaned, reason });
      staying.push(image);
    }
  }
  // Now that nothing needs them, stages go too; none is too young.
  const swept = dryRun ? { containers: [], images: [] } : await sweepLeftovers(engine, 0);
  const freedBytes = removed.reduce((sum, { ownBytes }) => sum + ownBytes, 0);
  return { removed, kept, swept, freedBytes };
}
