import { compareText } from "../diagnostic/compare-text.ts";
import { canonicalJson } from "./canonical-json.ts";
import { changeRequesters } from "./change-requesters.ts";
import type { ResolvedWith } from "./compare-epochs.ts";
import { hashValue } from "./hash-value.ts";
import type { ImagePlan } from "./image-plan.ts";
import type { Lock, LockedImage, LockedLeftOut, LockedPlan, LockedSizes, LockInputs } from "./lock.ts";
import type { LockedParts } from "./part-lock.ts";
import { pinStage } from "./pin-stage.ts";

/** What is known of an image after it was built. */
export interface BuiltParts {
  readonly plan: ImagePlan;
  readonly inputs: LockInputs;
  readonly leftOut: readonly LockedLeftOut[];
  /** Null: as the lock has it already, of an image of which only parts were taken anew. */
  readonly resolvedWith: ResolvedWith | null;
  readonly locked: LockedParts;
  /** Of its trees; those that are not here are as in the lock that was there. */
  readonly sizes?: LockedSizes;
}

/** A lock with these images, each after the one it stands on, in place of those of the same name and platform. */
export function makeLock(built: readonly BuiltParts[], previous: Lock | null): Lock {
  const images = new Map((previous?.images ?? []).map((image) => [keyOf(image.plan), image]));
  for (const parts of built) {
    const old = images.get(keyOf(parts.plan));
    const plan = lockPlan(keepTime(parts, old), (name) => images.get(keyOf({ ...parts.plan, name })));
    images.set(keyOf(plan), lockImage(parts, plan, old));
  }
  return {
    format: "skillcrate/lock@1",
    images: [...images].sort(([left], [right]) => compareText(left, right)).map(([, image]) => image),
  };
}

function keyOf({ name, platform }: Pick<ImagePlan, "name" | "platform">): string {
  return `${name} ${platform}`;
}

/** Where nothing else has changed, reading the index again is no change. */
function keepTime(built: BuiltParts, old: LockedImage | undefined): BuiltParts {
  const previous = old?.plan.locked;
  const same = previous !== undefined && canonicalJson(previous.parts) === canonicalJson(built.locked.parts);
  return same ? { ...built, locked: previous } : built;
}

function lockImage(
  { inputs, leftOut, ...built }: BuiltParts,
  plan: LockedPlan,
  old: LockedImage | undefined,
): LockedImage {
  const resolvedWith = built.resolvedWith ?? old?.resolvedWith;
  if (resolvedWith === undefined) throw new RangeError(`what ${plan.name} was resolved with is not known`);
  const told = leftOut
    .map(({ skill, reasons, elsewhere }) => ({ skill, reasons, elsewhere }))
    .sort((left, right) => compareText(left.skill, right.skill));
  const sizes = sizesOf(plan, { ...old?.sizes, ...built.sizes });
  return { inputs, leftOut: told, resolvedWith, ...sizes, plan, digest: digestOf(inputs, plan) };
}

function sizesOf({ layers }: LockedPlan, known: LockedSizes): Pick<LockedImage, "sizes"> {
  const paths = layers.flatMap((layer) =>
    layer.kind === "trees" ? layer.trees.map(({ path }) => path) : [],
  );
  const rows = paths.sort(compareText).flatMap((path) => {
    const size = Object.hasOwn(known, path) ? known[path] : undefined;
    return size === undefined ? [] : [[path, size] as const];
  });
  return rows.length === 0 ? {} : { sizes: Object.fromEntries(rows) };
}

/** An image that a registry knows is named by its digest alone: engines differ in what they call it. */
function lockPlan(
  { plan, locked }: BuiltParts,
  findBelow: (name: string) => LockedImage | undefined,
): LockedPlan {
  // Both come last again, so that a lock that is made from a lock has the same text.
  const { hash: _unlocked, below, locked: _previous, takenAt: _moment, ...rest } = plan;
  const lower = below.kind === "planned" ? findBelow(below.name) : undefined;
  return {
    ...rest,
    below:
      below.kind === "planned"
        ? { ...below, hash: lower?.digest ?? "" }
        : { ...below, imageId: below.digest === null ? below.imageId : null },
    stages: plan.stages.map((stage) => pinStage(withoutPlaces(stage), locked.parts[stage.id])),
    layers: plan.layers.map(withoutPlaces),
    promises: plan.promises.map(withoutPlaces),
    ...(plan.libraries === undefined ? {} : { libraries: plan.libraries.map(withoutPlaces) }),
    locked,
  };
}

/** The digest that an image of a lock should have. */
export function digestOf(inputs: LockInputs, plan: LockedPlan): string {
  return hashValue({ inputs, plan });
}

/** Where something stands in a file changes with every edit of the file. */
function withoutPlaces<Part extends object>(part: Part): Part {
  return changeRequesters(part, ({ place: _place, ...requester }) => requester);
}
