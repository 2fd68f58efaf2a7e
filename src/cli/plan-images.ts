import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ExternalBase } from "../plan/external-base.ts";
import type { ImagePlan, Platform } from "../plan/image-plan.ts";
import { planBuiltInImages } from "../plan/plan-built-in-images.ts";
import type { LibraryResolution } from "../recipe/library.ts";
import type { Resolution } from "../recipe/recipe.ts";
import type { Unavailable } from "../recipe/unavailable.ts";
import type { PlanOptions } from "./command-options.ts";
import { type LeftOut, type PlannedProfile, planProfile } from "./plan-profile.ts";
import type { PlanSources } from "./read-plan-sources.ts";
import { toTagPrefix } from "./tag-prefix.ts";

/** What a plan depends on besides: it differs between machines and days. */
export interface PlanGround {
  readonly platform: Platform;
  readonly base: ExternalBase;
  readonly aptEpoch: string;
  /** See `keptSettings`. */
  readonly keeps?: string;
  /** What a build could not have. */
  readonly unavailable?: Unavailable;
}

export interface PlannedImages {
  /** Each after the one that it stands on. */
  readonly plans: readonly ImagePlan[];
  /** Whether every wanted image has a plan. */
  readonly complete: boolean;
  /** The skills images, with what was decided for each. */
  readonly profiles: readonly PlannedProfile[];
  /** Of all skills images; a skill in two of them has its rows twice. */
  readonly resolutions: readonly Resolution[];
  readonly libraries: readonly LibraryResolution[];
  readonly leftOut: readonly LeftOut[];
  /** Everything: of reading, of the skills, of resolving and of planning. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Plans the wanted images and what they stand on. Pure. */
export function planImages(
  sources: PlanSources,
  ground: PlanGround,
  options: Pick<PlanOptions, "base" | "tagPrefix" | "accept" | "allow">,
): PlannedImages {
  const { wanted, profiles } = sources;
  const based = profiles.map((profile) => ({ ...profile, base: options.base ?? profile.base }));
  const builtIns = [...wanted.filter((choice) => choice !== "skills"), ...based.map(({ base }) => base)];
  const tagPrefix = toTagPrefix(options.tagPrefix);
  const builtIn = planBuiltInImages({ ...ground, tagPrefix, specs: sources.specs, only: builtIns });
  const planned = based.map((profile) =>
    planProfile(profile, {
      sources,
      ground,
      tagPrefix,
      accept: options.accept,
      allow: options.allow,
      builtIns: builtIn.plans,
    }),
  );
  const skills = new Map(profiles.flatMap((profile) => profile.skills).map((skill) => [skill.file, skill]));
  return {
    plans: [...builtIn.plans, ...planned.flatMap(({ plan }) => (plan === null ? [] : [plan]))],
    complete:
      builtIns.every((name) => builtIn.plans.some((plan) => plan.name === name)) &&
      planned.every(({ plan }) => plan !== null),
    profiles: planned,
    resolutions: planned.flatMap(({ resolutions }) => resolutions),
    libraries: planned.flatMap(({ libraries }) => libraries),
    leftOut: planned.flatMap(({ leftOut }) => leftOut),
    diagnostics: [
      ...sources.diagnostics,
      ...[...skills.values()].flatMap((skill) => skill.diagnostics),
      ...builtIn.diagnostics,
      ...unique(planned.flatMap(({ diagnostics }) => diagnostics)),
    ],
  };
}

/** What is wrong with a skill is as wrong in every image that it is in. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}
