import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { cancelled } from "../cancelled.ts";
import type { Engine, ImageDetails } from "../engine.ts";
import type { ImageFacts } from "../image-facts.ts";
import { imageLabels } from "../label/label-names.ts";
import { readImageLabels } from "../label/label-reader.ts";
import { isOwnImage } from "../label/own-image.ts";
import { plainTag } from "../label/plain-tag.ts";
import { removeStages, removeUnlessInUse } from "../sweep-leftovers.ts";
import type { BuildJob } from "./build-image.ts";
import type { FinishedImage } from "./build-outcome.ts";

/**
 * Tags a finished image, as the last thing that happens to it. Of several processes that finish the same plan at the
 * same time all end up with one image. The one that had the tag before is removed if nothing else needs it.
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
  const faster = await setTags(job, image);
  if (faster !== null) return describeFinished(job, "current", faster);
  const winner = await settleTwins(job, image);
  // It may be of a process that was killed before it could keep them.
  if (winner !== image) await storeFacts({ ...facts, imageId: winner.id });
  return describeFinished(job, winner === image ? "built" : "current", winner);
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
 * Two processes may have tagged their images within the same moment: each then gives the tag to the one whose id comes
 * first, which both see. All other images of the plan, and the one that had the tag, go, unless a sandbox still runs on
 * them or they have another name. The image is published whatever comes of this: where the engine fails now, what is
 * not needed is left to `clean`.
 */
async function settleTwins(job: BuildJob, image: ImageDetails): Promise<ImageDetails> {
  const { engine, plan, replacing, settings } = job;
  try {
    const twins = await findTwins(job);
    const fresh = twins.filter(({ id }) => id !== replacing && id !== image.id);
    const rivals = settings.noCache(plan) ? [] : fresh;
    const winner = [...rivals, image].reduce((best, twin) => (twin.id < best.id ? twin : best));
    if (winner !== image) await setTags(job, winner);
    const replaced = replacing === null ? null : await engine.images.inspect(replacing);
    const others = replaced === null ? fresh : [replaced, ...fresh];
    for (const other of others) if (other.id !== winner.id) await removeIfIdle(engine, other.id);
    await removeStages(
      engine,
      others.flatMap((other) => readImageLabels(other)?.stages ?? []),
    );
    return winner;
  } catch (error) {
    if (error instanceof SkillcrateError) return image;
    throw error;
  }
}

/** Finished images of the same plan for the same tag that nobody has given a name of their own. */
async function findTwins({ engine, plan, settings }: BuildJob): Promise<readonly ImageDetails[]> {
  const ours = [plan.tag, ...settings.aliases(plan.tag)].map(plainTag);
  const labelled = await engine.images.list(`${imageLabels.plan}=${plan.hash}`);
  const nameless = labelled.filter(
    (image) =>
      readImageLabels(image)?.tag === plan.tag && image.tags.every((tag) => ours.includes(plainTag(tag))),
  );
  const own = await Promise.all(nameless.map((image) => isOwnImage(engine, image)));
  return nameless.filter((_, index) => own[index]);
}

async function removeIfIdle(engine: Engine, id: string): Promise<void> {
  const image = await engine.images.inspect(id);
  if (image?.tags.length === 0 && (await isOwnImage(engine, image))) await removeUnlessInUse(engine, id);
}
