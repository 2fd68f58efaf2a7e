import type { NetworkSettings } from "../dockerfile/network-settings.ts";
import { chooseParts, unavailableOf } from "../engine/build/build-image-parts.ts";
import type { FinishedImage, ImageOutcome } from "../engine/build/build-outcome.ts";
import { type BuildSettings, defaultBuildSettings } from "../engine/build-settings.ts";
import type { Engine } from "../engine/engine.ts";
import { readLockedParts } from "../engine/lock/read-locked-parts.ts";
import { compareInventories, type InventoryDifference } from "../plan/compare-inventories.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { inventoryOfPlan } from "../plan/inventory.ts";
import type { Lock, LockInputs } from "../plan/lock.ts";
import { type BuiltParts, makeLock } from "../plan/make-lock.ts";
import { plansOfLock } from "../plan/plans-of-lock.ts";
import { resolvedWith } from "../plan/resolved-with.ts";
import { readLock, writeLock } from "../source/lock-file.ts";
import { rendererOf } from "./build-plans.ts";
import type { Surroundings } from "./command.ts";
import { lockFileOf } from "./lock-file-of.ts";
import type { LeftOut } from "./plan-profile.ts";
import type { PlanSources } from "./read-plan-sources.ts";
import { showStep } from "./show-step.ts";

export interface ImagesToLock {
  readonly engine: Engine;
  readonly plans: readonly ImagePlan[];
  readonly outcomes: readonly ImageOutcome[];
  readonly inputs: ReadonlyMap<string, LockInputs>;
  readonly leftOut: readonly LeftOut[];
  readonly sources: PlanSources;
  readonly network: NetworkSettings;
  readonly replan: BuildSettings["replan"];
}

/** What locking has changed. */
export interface LockChange {
  readonly file: string;
  /** Whether the file is another one now. */
  readonly changed: boolean;
  readonly images: readonly string[];
  /** Against the lock that was there. */
  readonly differences: readonly InventoryDifference[];
}

/**
 * Reads back what finished images were made from and writes it into the lock; entries of other images stay. Throws what
 * reading throws (`LOCK_INDEX_MOVED`, `LOCK_UNREADABLE`), and then the lock is as it was.
 */
export async function lockBuiltImages(
  request: ImagesToLock,
  { signal, story }: Pick<Surroundings, "signal" | "story">,
): Promise<LockChange> {
  const { engine, plans, outcomes, inputs, leftOut, sources, network } = request;
  const file = lockFileOf(sources.overlay);
  const previous = readLock(file);
  const settings = {
    ...defaultBuildSettings,
    renderRecords: rendererOf(sources, network, "records"),
    network,
    signal,
    now: new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
  };
  const built: BuiltParts[] = [];
  for (const asked of plans) {
    const outcome = outcomes.find(({ image }) => image === asked.name);
    if (outcome === undefined || !("id" in outcome)) continue;
    const plan = partsInside(asked, outcome, request.replan);
    const read = await showStep(story, "lock", (step) => {
      step.start(`read what ${plan.name} was made from`);
      return readLockedParts(engine, plan, outcome.id, settings);
    });
    built.push({
      plan,
      inputs: inputs.get(plan.name) ?? {},
      leftOut: leftOut.filter(({ image }) => image === plan.name),
      resolvedWith: asked.locked === undefined ? resolvedWith(sources.debian, plan.platform) : null,
      ...read,
    });
  }
  const lock = makeLock(built, previous);
  return {
    file,
    changed: writeLock(file, lock),
    images: built.map(({ plan }) => plan.name),
    differences: compareLocks(previous, lock),
  };
}

/** The plan without what its image, or one below it, had to be built without. */
function partsInside(
  plan: ImagePlan,
  { leftOut }: FinishedImage,
  replan: BuildSettings["replan"],
): ImagePlan {
  return chooseParts(plan, leftOut, unavailableOf(plan, leftOut), replan).plan;
}

/** Package by package, for each image of either. */
export function compareLocks(left: Lock | null, right: Lock | null): InventoryDifference[] {
  const before = inventoriesOf(left);
  const after = inventoriesOf(right);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((image) =>
    compareInventories(image, before.get(image) ?? [], after.get(image) ?? []),
  );
}

function inventoriesOf(lock: Lock | null): ReadonlyMap<string, ReturnType<typeof inventoryOfPlan>> {
  const plans = lock === null ? [] : plansOfLock(lock.images, []);
  return new Map(plans.map((plan) => [`${plan.name} ${plan.platform}`, inventoryOfPlan(plan)]));
}
