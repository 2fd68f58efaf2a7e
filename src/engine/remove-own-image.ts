import { bootstrappedReference } from "./base/obtain-base.ts";
import type { Engine, ImageDetails } from "./engine.ts";
import { readImageLabels } from "./label/label-reader.ts";
import { plainTag } from "./label/plain-tag.ts";
import { removeUnlessInUse } from "./sweep-leftovers.ts";

export interface OwnImageRemoval {
  /** Removes nothing, and tells what would be removed. */
  readonly dryRun: boolean;
  /** Further tags that set-up gave to an image, by the tag it was built for. */
  readonly aliases: (tag: string) => readonly string[];
  /** Images that stay: what they stand on does too. */
  readonly staying: readonly ImageDetails[];
}

export interface CleanedImage {
  readonly id: string;
  /** Those of its tags that are ours. */
  readonly tags: readonly string[];
  /** What it holds beyond the image below it. */
  readonly ownBytes: number;
}

export interface RemovedImage extends CleanedImage {
  /** Why it is still there; null: it is gone. */
  readonly reason: string | null;
}

/**
 * Removes an image that was made here, with the tags that it was built for; not one that somebody gave a name of their
 * own, or that a container or another image needs.
 */
export async function removeOwnImage(
  engine: Engine,
  image: ImageDetails,
  { dryRun, aliases, staying }: OwnImageRemoval,
): Promise<RemovedImage> {
  const tags = ownTags(image, aliases);
  const cleaned = { id: image.id, tags, ownBytes: await measureOwnImage(engine, image) };
  const reason =
    foreignName(image, tags) ??
    neededBy(image, staying) ??
    (dryRun ? null : await removeTags(engine, image, tags));
  return { ...cleaned, reason };
}

function ownTags(image: ImageDetails, aliases: OwnImageRemoval["aliases"]): readonly string[] {
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
async function removeTags(
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

/** Sizes of images count everything below them: what one holds beyond the image below it. */
export async function measureOwnImage(engine: Engine, image: ImageDetails): Promise<number> {
  const belowId = readImageLabels(image)?.belowId ?? "";
  const below = belowId === "" ? null : await engine.images.inspect(belowId);
  const standsOnIt = below?.layers.every((layer, index) => image.layers[index] === layer) === true;
  return standsOnIt ? image.sizeBytes - (below?.sizeBytes ?? 0) : image.sizeBytes;
}
