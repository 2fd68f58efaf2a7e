import { hashValue } from "./hash-value.ts";
import type { BuildStage, ImageBelow, ImagePlan, Layer } from "./image-plan.ts";

/**
 * Counts the changes of how a plan is carried out: a release that renders an equal plan to other files raises it, and
 * every image is then built anew.
 */
const carriedOutAs = 1;

/**
 * The hash of a plan: over what shapes the image, and over the names of what it promises, which are checked and become
 * labels. Who asked and what the image is called are left out.
 */
export function hashPlan(plan: Omit<ImagePlan, "hash">): string {
  return hashValue({
    format: plan.format,
    carriedOutAs,
    platform: plan.platform,
    below: identityOf(plan.below),
    aptEpoch: plan.aptEpoch,
    ...(plan.keeps === undefined ? {} : { keeps: plan.keeps }),
    stages: plan.stages.map(withoutRequesters),
    layers: plan.layers.map(withoutRequesters),
    config: plan.config,
    promises: plan.promises.map((promise) => promise.name),
    ...(plan.libraries === undefined
      ? {}
      : { libraries: plan.libraries.map(({ language, naming, name }) => [language, naming, name]) }),
    ...(plan.locked === undefined ? {} : { locked: plan.locked }),
    ...(plan.takenAt === undefined ? {} : { takenAt: plan.takenAt }),
  });
}

function identityOf(below: ImageBelow): string {
  if (below.kind === "planned") return `plan ${below.hash}`;
  return below.digest ?? below.imageId ?? below.reference;
}

function withoutRequesters(element: BuildStage | Layer): object {
  const {
    requestedBy: _requesters,
    title: _title,
    ...shape
  } = { requestedBy: null, title: null, ...element };
  return shape;
}
