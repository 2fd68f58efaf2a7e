import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { ContainerEntry, Engine, ImageDetails } from "./engine.ts";
import { buildingState, imageLabels, runLabel, stageState, verifiedState } from "./label/label-names.ts";
import { readImageLabels } from "./label/label-reader.ts";
import { isOwnImage } from "./label/own-image.ts";
import { isDeadRun } from "./run-identity.ts";

/** Ids of what was removed. */
export interface Swept {
  readonly containers: readonly string[];
  readonly images: readonly string[];
}

/**
 * Removes what killed processes left behind: containers, half-made images, finished ones that never got their tag, and
 * stages that no finished image was made from. What a live process needs stays; what does not tell whose it is stays for
 * a day, or a stage for as long as `stagePatienceMs`.
 */
export async function sweepLeftovers(engine: Engine, stagePatienceMs: number = aDayMs): Promise<Swept> {
  return { containers: await sweepContainers(engine), images: await sweepImages(engine, stagePatienceMs) };
}

const aDayMs = 24 * 60 * 60 * 1000;

async function sweepContainers(engine: Engine): Promise<string[]> {
  const ours = await engine.containers.list(runLabel);
  const dead = [
    ...ours.filter(({ labels }) => isDeadRun(labels[runLabel] ?? "")),
    ...(await findLostSteps(engine)),
  ];
  await Promise.all(dead.map(({ id }) => engine.containers.remove(id)));
  return dead.map(({ id }) => id);
}

/** Containers of build steps that the classic builder forgot, since the engine itself was killed: no build outlives it. */
async function findLostSteps(engine: Engine): Promise<readonly ContainerEntry[]> {
  const listed = await engine.containers.list(`${imageLabels.state}=${stageState}`);
  const steps = listed.filter(({ labels }) => !(runLabel in labels));
  if (steps.length === 0) return [];
  const startedMs = (await engine.containers.engineStartedMs()) ?? 0;
  // Containers are dated by the second.
  return steps.filter(({ createdMs }) => createdMs + 1000 < startedMs || Date.now() - createdMs > aDayMs);
}

async function sweepImages(engine: Engine, stagePatienceMs: number): Promise<string[]> {
  const images = await engine.images.list(imageLabels.state);
  const dead: ImageDetails[] = [];
  for (const image of images) {
    const { labels, tags, created } = image;
    if (tags.length > 0) continue;
    const [state, run] = (labels[imageLabels.state] ?? "").split(" ");
    const ageMs = Date.now() - Date.parse(created);
    if (state === buildingState && isDeadRun(run ?? "")) dead.push(image);
    if (state === stageState && ageMs >= stagePatienceMs && !isNeeded(image, images)) dead.push(image);
    if (state === verifiedState && ageMs >= aDayMs && (await isOwnImage(engine, image))) dead.push(image);
  }
  const removed = await Promise.all(dead.map(({ id }) => removeUnlessInUse(engine, id)));
  return dead.map(({ id }) => id).filter((_, index) => removed[index]);
}

/**
 * Removes the stages that an image was made from and no other finished image was: the classic builder's cache of what
 * has been replaced.
 */
export async function removeStages(engine: Engine, stages: readonly string[]): Promise<void> {
  if (stages.length === 0) return;
  const [finished, left] = await Promise.all([
    engine.images.list(imageLabels.stages),
    engine.images.list(`${imageLabels.state}=${stageState}`),
  ]);
  const replaced = left.filter(({ id, tags }) => tags.length === 0 && isOneOf(id, stages));
  // One stage may stand on another, and has more layers then.
  replaced.sort((one, other) => other.layers.length - one.layers.length);
  for (const image of replaced) if (!isNeeded(image, finished)) await removeUnlessInUse(engine, image.id);
}

function isNeeded({ id }: ImageDetails, finished: readonly ImageDetails[]): boolean {
  return finished.some((image) => isOneOf(id, readImageLabels(image)?.stages ?? []));
}

function isOneOf(id: string, shortIds: readonly string[]): boolean {
  return shortIds.some((short) => id.startsWith(`sha256:${short}`));
}

/** Whether it is gone. The engine keeps an image that a container or another image stands on, and so do we. */
export async function removeUnlessInUse(
  engine: Engine,
  id: string,
  options?: { readonly keepParents: boolean },
): Promise<boolean> {
  try {
    await engine.images.remove(id, options);
    return true;
  } catch (error) {
    if (error instanceof SkillcrateError && error.code === "IMAGE_IN_USE") return false;
    throw error;
  }
}

/**
 * Removes the images of a build that came to no good end, the latest first. One that has got a tag meanwhile stays. It
 * may be the engine that failed: then a later run's sweep finds them.
 */
export async function discardUnfinished(engine: Engine, ids: ReadonlySet<string>): Promise<void> {
  try {
    for (const id of [...ids].reverse()) {
      const image = await engine.images.inspect(id);
      if (image?.tags.length === 0) await removeUnlessInUse(engine, id);
    }
  } catch (error) {
    if (!(error instanceof SkillcrateError)) throw error;
  }
}
