import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { BuildJob } from "./build-image.ts";
import type { FinishedImage } from "./build-outcome.ts";
import { cancelled } from "./cancelled.ts";
import type { ImageDetails } from "./engine.ts";
import type { ImageFacts } from "./image-facts.ts";
import { imageLabels } from "./label-names.ts";
import { readImageLabels } from "./label-reader.ts";
import { isOwnImage } from "./own-image.ts";
import { removeUnlessInUse } from "./sweep-leftovers.ts";

/**
 * Tags a finished image, as the last thing that happens to it. Where another process has published the same plan since
 * this build began, its image is taken and ours is not needed. The image that had the tag before is removed if nothing
 * else needs it.
 */
export async function publishImage(
  job: BuildJob,
  image: ImageDetails,
  facts: ImageFacts,
): Promise<Omit<FinishedImage, "seconds">> {
  const { engine, plan, settings } = job;
  const { signal, storeFacts } = settings;
  const tagged = await engine.images.inspect(plan.tag, signal);
  if (wasPublishedMeanwhile(job, tagged)) return describeFinished(job, "current", tagged);
  await storeFacts(facts);
  if (signal.aborted) throw cancelled(`${plan.name} was about to be tagged`);
  const winner = await setTags(job, image);
  if (winner !== null) return describeFinished(job, "current", winner);
  await removeReplaced(job, image, tagged);
  return describeFinished(job, "built", image);
}

/** The planned tag is the last. Null, or the image of a faster process that did not let ours get it. */
async function setTags(job: BuildJob, image: ImageDetails): Promise<ImageDetails | null> {
  const { engine, plan, settings } = job;
  try {
    for (const tag of [...settings.aliases(plan.tag), plan.tag]) await engine.images.tag(image.id, tag);
    return null;
  } catch (error) {
    if (!(error instanceof SkillcrateError && error.code === "IMAGE_NOT_FOUND")) throw error;
    const tagged = await engine.images.inspect(plan.tag, settings.signal);
    if (wasPublishedMeanwhile(job, tagged)) return tagged;
    throw error;
  }
}

function wasPublishedMeanwhile(
  { plan, replacing }: BuildJob,
  tagged: ImageDetails | null,
): tagged is ImageDetails {
  return isCurrent(tagged, plan.hash) && tagged.id !== replacing;
}

/** Whether an image is the finished one of a plan. */
export function isCurrent(image: ImageDetails | null, planHash: string): image is ImageDetails {
  return image !== null && readImageLabels(image)?.planHash === planHash;
}

/** What there is to say about an image that needs nothing more. */
export function describeFinished(
  { plan }: Pick<BuildJob, "plan">,
  status: FinishedImage["status"],
  image: ImageDetails,
): Omit<FinishedImage, "seconds"> {
  const labels = readImageLabels(image);
  return {
    status,
    image: plan.name,
    tag: plan.tag,
    hash: plan.hash,
    id: image.id,
    sizeBytes: image.sizeBytes,
    layers: image.layers.length,
    binaries: labels?.binaries ?? [],
    leftOut: labels?.leftOut ?? [],
  };
}

/**
 * Removes the image that had the tag, and images of the same plan that lost it to ours or never got one. A sandbox may
 * still run on one of them, or it has another name: then it stays. The new image is published whatever comes of this;
 * where the engine fails, the old one is left to `clean`.
 */
async function removeReplaced(
  { engine, plan }: BuildJob,
  image: ImageDetails,
  tagged: ImageDetails | null,
): Promise<void> {
  try {
    const replaced = tagged === null ? null : await engine.images.inspect(tagged.id);
    const twins = await engine.images.list(`${imageLabels.plan}=${plan.hash}`);
    const candidates =
      replaced === null ? twins : [replaced, ...twins.filter(({ id }) => id !== replaced.id)];
    for (const candidate of candidates) {
      const idle = candidate.id !== image.id && candidate.tags.length === 0;
      if (idle && (await isOwnImage(engine, candidate))) await removeUnlessInUse(engine, candidate.id);
    }
  } catch (error) {
    if (!(error instanceof SkillcrateError)) throw error;
  }
}
