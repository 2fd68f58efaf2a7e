import type { Engine, ImageDetails } from "../../engine/engine.ts";
import { findOwnImages } from "../../engine/find-own-images.ts";
import { readImageLabels } from "../../engine/label/label-reader.ts";
import { type CleanedImage, removeOwnImage } from "../../engine/remove-own-image.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";

/** Which images a gateway's sandboxes are made of. */
export interface ConfiguredImages {
  /** `docker.image` and `browser.image` of every agent. */
  readonly references: readonly string[];
  /** Further tags that set-up gave to an image, by the tag it was built for. */
  readonly aliases: (tag: string) => readonly string[];
}

export interface CollectImagesRequest {
  readonly engine: Engine;
  readonly configured: ConfiguredImages;
  /** Images that still have their tag go once they are so old. Those that lost it to a newer one go after a day. */
  readonly graceMs: number;
  /** Ids of containers that do not count. */
  readonly except: ReadonlySet<string>;
  readonly dryRun: boolean;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CollectedImages {
  readonly removed: readonly CleanedImage[];
  /** Old enough, and needed all the same. */
  readonly kept: readonly (CleanedImage & { readonly reason: string })[];
  /** Sum over `removed`. */
  readonly freedBytes: number;
}

/**
 * Removes finished images that no configuration names and no container is made of, running or not: of those that were
 * built here under a prefix of the configured ones, so that another gateway's stay. What a remaining image stands on stays
 * too, and so does everything that was pulled, that somebody built upon ours, or that has another name beside ours.
 */
export async function collectImages(request: CollectImagesRequest): Promise<CollectedImages> {
  const { engine, configured, dryRun, signal } = request;
  const { aliases } = configured;
  const used = await findUsed(request);
  const removed: CleanedImage[] = [];
  const kept: (CleanedImage & { reason: string })[] = [];
  const staying: ImageDetails[] = [];
  for (const image of await findOwnImages(engine)) {
    throwIfCancelled(signal);
    if (used.byConfiguration.has(image.id) || !isDue(image, request)) {
      staying.push(image);
      continue;
    }
    const isRunOn = used.byContainer.has(image.id);
    const options = { dryRun: dryRun || isRunOn, aliases, staying };
    const { reason: obstacle, ...cleaned } = await removeOwnImage(engine, image, options);
    const reason = isRunOn ? "a container is made of it" : obstacle;
    if (reason === null) {
      removed.push(cleaned);
    } else {
      kept.push({ ...cleaned, reason });
      staying.push(image);
    }
  }
  const freedBytes = removed.reduce((sum, { ownBytes }) => sum + ownBytes, 0);
  return { removed, kept, freedBytes };
}

/** Ids of images. */
async function findUsed({ engine, configured: { references }, except, signal }: CollectImagesRequest) {
  const named = await Promise.all(
    [...new Set(references)].map((reference) => engine.images.inspect(reference, signal)),
  );
  const containers = await engine.sandboxes.list([], signal === undefined ? {} : { signal });
  return {
    byConfiguration: new Set(named.flatMap((image) => (image === null ? [] : [image.id]))),
    byContainer: new Set(containers.filter(({ id }) => !except.has(id)).map(({ imageId }) => imageId)),
  };
}

function isDue(
  image: ImageDetails,
  { configured: { references }, graceMs, nowMs }: CollectImagesRequest,
): boolean {
  const builtFor = readImageLabels(image)?.tag;
  // A bootstrapped base is what the next build stands on; `clean` removes it.
  if (builtFor === undefined) return false;
  const prefix = prefixOf(builtFor);
  if (prefix === null || !references.some((reference) => prefixOf(reference) === prefix)) return false;
  const patienceMs = image.tags.length === 0 ? Math.min(graceMs, dayMs) : graceMs;
  // Whose date cannot be read is never due.
  return nowMs - Date.parse(image.created) > patienceMs;
}

/** `openclaw-` of `openclaw-sandbox-skills:main`; null: it is not called like one of ours. */
function prefixOf(reference: string): string | null {
  return /^(.*?)sandbox(?:-[a-z]+)?:/.exec(reference)?.[1] ?? null;
}

const dayMs = 24 * 60 * 60 * 1000;
