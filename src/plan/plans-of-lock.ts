import { changeRequesters } from "./change-requesters.ts";
import { hashPlan } from "./hash-plan.ts";
import type { ImagePlan, Requester } from "./image-plan.ts";
import type { LockedImage, LockedPlan } from "./lock.ts";

/**
 * The plans of locked images as they are built now, each after the one it stands on. Places come from those who ask
 * today, where they still ask.
 */
export function plansOfLock(images: readonly LockedImage[], askers: readonly Requester[]): ImagePlan[] {
  const places = new Map(askers.map((asker) => [keyOf(asker), asker.place]));
  const plans = new Map<string, ImagePlan>();
  const planOf = (image: LockedImage): ImagePlan => {
    const made = plans.get(image.digest);
    if (made !== undefined) return made;
    const plan = { ...withPlaces(image.plan, places), below: belowOf(image.plan) };
    const finished = { ...plan, hash: hashPlan(plan) };
    plans.set(image.digest, finished);
    return finished;
  };
  const belowOf = ({ below }: LockedPlan): ImagePlan["below"] => {
    if (below.kind === "external") return below;
    const lower = images.find(({ digest }) => digest === below.hash);
    if (lower === undefined) throw new RangeError(`the lock has no ${below.name} of that digest`);
    return { ...below, hash: planOf(lower).hash };
  };
  for (const image of images) planOf(image);
  return [...plans.values()];
}

function keyOf({ skill, bin, library }: Requester): string {
  return [skill, bin, library?.language, library?.name].join("\0");
}

function withPlaces(plan: LockedPlan, places: ReadonlyMap<string, Requester["place"]>): LockedPlan {
  const restore = <Part extends object>(part: Part): Part =>
    changeRequesters(part, (requester) => {
      const place = places.get(keyOf(requester));
      return place === undefined ? requester : { ...requester, place };
    });
  return {
    ...plan,
    stages: plan.stages.map(restore),
    layers: plan.layers.map(restore),
    promises: plan.promises.map(restore),
    ...(plan.libraries === undefined ? {} : { libraries: plan.libraries.map(restore) }),
  };
}
