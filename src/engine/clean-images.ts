import { compareText } from "../diagnostic/compare-text.ts";
import { bootstrappedReference } from "./base/obtain-base.ts";
import type { Engine, ImageDetails } from "./engine.ts";
import { imageLabels, madeLabel } from "./label/label-names.ts";
import { readImageLabels } from "./label/label-reader.ts";
import { isOwnBase, isOwnImage } from "./label/own-image.ts";
import { plainTag } from "./label/plain-tag.ts";
import { removeUnlessInUse, type Swept, sweepLeftovers } from "./sweep-leftovers.ts";

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

export interface CleanedImage {
  readonly id: string;
  /** Those of its tags that are ours. */
  readonly tags: readonly string[];
  /** What it holds beyond the image below it. */
  readonly ownBytes: number;
}

/**
 * Removes what was made here and nothing else: finished images with the tags that they were built for, bootstrapped
 * bases, and what killed processes left behind. An image that a container runs on, that somebody gave a name of their
 * own, or that another image stands on, is kept with that reason. Images that were pulled stay.
 */
export async function cleanImages(engine: Engine, options: CleanOptions): Promise<CleanResult> {
  const removed: CleanedImage[] = [];
  const kept: (CleanedImage & { reason: string })[] = [];
  const staying: ImageDetails[] = [];
  for (const image of await findOwn(engine)) {
    const builtFor = readImageLabels(image)?.tag;
    if (builtFor !== undefined && !options.wanted(builtFor)) {
      staying.push(image);
      continue;
    }
    const tags = ownTags(image, options.aliases);
    const cleaned = { id: image.id, tags, ownBytes: await measureOwn(engine, image) };
    const reason =
      foreignName(image, tags) ??
      neededBy(image, staying) ??
      (options.dryRun ? null : await removeImage(engine, image, tags));
    if (reason === null) {
      removed.push(cleaned);
    } else {
      kept.push({ ...cleaned, reason });
      staying.push(image);
    }
  }
  // Now that nothing needs them, stages go too; none is too young.
  const swept = options.dryRun ? { containers: [], images: [] } : await sweepLeftovers(engine, 0);
  const freedBytes = removed.reduce((sum, { ownBytes }) => sum + ownBytes, 0);
  return { removed, kept, swept, freedBytes };
}

/** Those that stand on others come first. */
async function findOwn(engine: Engine): Promise<ImageDetails[]> {
  const finished = await engine.images.list(imageLabels.plan);
  const bases = await engine.images.list(`${madeLabel.key}=${madeLabel.base}`);
  const own = new Map<string, ImageDetails>();
  for (const image of finished) if (await isOwnImage(engine, image)) own.set(image.id, image);
  for (const image of bases) if (await isOwnBase(engine, image)) own.set(image.id, image);
  return [...own.values()].sort(
    (left, right) => right.layers.length - left.layers.length || compareText(left.id, right.id),
  );
}

function ownTags(image: ImageDetails, aliases: CleanOptions["aliases"]): readonly string[] {
  const builtFor = readImageLabels(image)?.tag ?? bootstrappedReference;
  const ours = new Set([builtFor, ...aliases(builtFor)].map(plainTag));
  return image.tags.filter((tag) => ours.has(plainTag(tag)));
}

function foreignName(image: ImageDetails, ours: readonly string[]): string | null {
  const foreign = image.tags.filter((tag) => !ours.includes(tag));
  return foreign.length === 0 ? null : `it is also tagged ${foreign.join(", ")}`;
}

/** An engine lets an image go that another one stands on, if it was built by BuildKit; its next build would miss it. */
function neededBy(image: ImageDetails, staying: readonly ImageDetails[]): string | null {
  const above = staying.find((other) => readImageLabels(other)?.belowId === image.id);
  return above === undefined ? null : `${above.tags[0] ?? above.id} stands on it`;
}

/** Null where it is gone, else why not; then it has all its names back. */
async function removeImage(
  engine: Engine,
  image: ImageDetails,
  tags: readonly string[],
): Promise<string | null> {
  const removed: string[] = [];
  for (const name of tags.length === 0 ? [image.id] : tags) {
    if (await removeUnlessInUse(engine, name)) {
      removed.push(name);
      continue;
    }
    for (const tag of removed) await engine.images.tag(image.id, tag);
    return "a container or another image needs it";
  }
  return null;
}

/** Sizes of images count everything below them. */
async function measureOwn(engine: Engine, image: ImageDetails): Promise<number> {
  const belowId = readImageLabels(image)?.belowId ?? "";
  const below = belowId === "" ? null : await engine.images.inspect(belowId);
  const standsOnIt = below?.layers.every((layer, index) => image.layers[index] === layer) === true;
  return standsOnIt ? image.sizeBytes - (below?.sizeBytes ?? 0) : image.sizeBytes;
}
