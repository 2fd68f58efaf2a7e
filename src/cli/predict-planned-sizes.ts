import { bootstrappedReference, debianReference } from "../engine/base/obtain-base.ts";
import type { LockedSizes } from "../plan/lock.ts";
import { predictSizes, type SizedPlan } from "../plan/predict-sizes.ts";
import { debianPackages } from "../recipe/debian-packages.ts";
import type { DebianTables } from "../recipe/debian-tables.ts";
import type { PlanGround, PlannedImages } from "./plan-images.ts";

/** Predicts the size of every planned image, in their order. */
export function predictPlannedSizes(
  { plans, resolutions, libraries }: Pick<PlannedImages, "plans" | "resolutions" | "libraries">,
  debian: DebianTables,
  { platform, base }: Pick<PlanGround, "platform" | "base">,
  trees: LockedSizes,
): SizedPlan[] {
  return predictSizes({
    plans,
    packages: debianPackages(debian, platform),
    trees,
    onMinimalBase: base.reference === debianReference || base.reference === bootstrappedReference,
    resolutions: [...resolutions, ...libraries].filter(({ status }) => status === "resolved"),
  });
}
