import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { Engine } from "./engine.ts";
import { buildingState, imageLabels, runLabel } from "./label/label-names.ts";
import { isDeadRun } from "./run-identity.ts";

/** Ids of what was removed. */
export interface Swept {
  readonly containers: readonly string[];
  readonly images: readonly string[];
}

/** Removes the containers and the half-made images of processes that were killed; what a live one needs stays. */
export async function sweepLeftovers(engine: Engine): Promise<Swept> {
  return { containers: await sweepContainers(engine), images: await sweepImages(engine) };
}

async function sweepContainers(engine: Engine): Promise<string[]> {
  const containers = await engine.containers.list(runLabel);
  const dead = containers.filter(({ labels }) => isDeadRun(labels[runLabel] ?? ""));
  await Promise.all(dead.map(({ id }) => engine.containers.remove(id)));
  return dead.map(({ id }) => id);
}

async function sweepImages(engine: Engine): Promise<string[]> {
  const images = await engine.images.list(imageLabels.state);
  const dead = images.filter(({ labels, tags }) => {
    const [state, run] = (labels[imageLabels.state] ?? "").split(" ");
    return state === buildingState && tags.length === 0 && isDeadRun(run ?? "");
  });
  const removed = await Promise.all(dead.map(({ id }) => removeUnlessInUse(engine, id)));
  return dead.map(({ id }) => id).filter((_, index) => removed[index]);
}

/** Whether it is gone. The engine keeps an image that a container or another image stands on, and so do we. */
export async function removeUnlessInUse(engine: Engine, id: string): Promise<boolean> {
  try {
    await engine.images.remove(id);
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
