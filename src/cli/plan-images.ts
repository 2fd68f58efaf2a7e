import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ExternalBase } from "../plan/external-base.ts";
import type { ImagePlan, Platform } from "../plan/image-plan.ts";
import { knownBinaries } from "../plan/known-binaries.ts";
import { planBuiltInImages } from "../plan/plan-built-in-images.ts";
import { planSkillsImage, type SkillsImagePlan } from "../plan/plan-skills-image.ts";
import { versionArgsOf } from "../recipe/catalog/find-rows.ts";
import { debianIndex } from "../recipe/debian-index.ts";
import { debianModules } from "../recipe/debian-modules.ts";
import { debianPackages } from "../recipe/debian-packages.ts";
import type { RecipeKind, Resolution } from "../recipe/recipe.ts";
import { resolveRequirements } from "../recipe/resolve-requirements.ts";
import type { Skill } from "../skill/skill.ts";
import type { PlanOptions } from "./command-options.ts";
import type { PlanSources } from "./read-plan-sources.ts";
import { toTagPrefix } from "./tag-prefix.ts";

/** What a plan depends on besides: it differs between machines and days. */
export interface PlanGround {
  readonly platform: Platform;
  readonly base: ExternalBase;
  readonly aptEpoch: string;
  /** See `keptSettings`. */
  readonly keeps?: string;
  readonly disabledKinds?: ReadonlyMap<RecipeKind, string>;
}

export interface PlannedImages {
  /** Each after the one that it stands on. */
  readonly plans: readonly ImagePlan[];
  /** Whether every wanted image has a plan. */
  readonly complete: boolean;
  readonly resolutions: readonly Resolution[];
  readonly leftOut: readonly LeftOut[];
  /** Everything: of reading, of the skills, of resolving and of planning. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface LeftOut {
  readonly skill: string;
  readonly dir: string;
  readonly reasons: readonly string[];
  /** For another system: that is no fault of the skill or of ours. */
  readonly elsewhere: boolean;
}

/** Plans the wanted images and what they stand on. Pure. */
export function planImages(
  sources: PlanSources,
  ground: PlanGround,
  options: Pick<PlanOptions, "base" | "tagPrefix" | "accept">,
): PlannedImages {
  const { wanted, skills, diagnostics } = sources;
  const below = options.base ?? "base";
  const builtIns = wanted.map((choice) => (choice === "skills" ? below : choice));
  const shared = { ...ground, tagPrefix: toTagPrefix(options.tagPrefix) };
  const builtIn = planBuiltInImages({ ...shared, specs: sources.specs, only: builtIns });
  const found = [...diagnostics, ...skills.flatMap((skill) => skill.diagnostics), ...builtIn.diagnostics];
  const complete = builtIns.every((name) => builtIn.plans.some((plan) => plan.name === name));
  if (!wanted.includes("skills")) {
    return { plans: builtIn.plans, complete, resolutions: [], leftOut: [], diagnostics: found };
  }
  const resolved = resolveRequirements(skills, {
    platform: ground.platform,
    below: knownBinaries(below, builtIn.plans),
    accept: new Set(options.accept),
    debianIndex: debianIndex(sources.debian, ground.platform),
    debianPackages: debianPackages(sources.debian, ground.platform),
    debianModules: debianModules(sources.debian, ground.platform),
    ...(ground.disabledKinds === undefined ? {} : { disabledKinds: ground.disabledKinds }),
  });
  const planned = planSkillsImage({
    ...shared,
    name: sources.name,
    below: { kind: "planned", name: below, plans: builtIn.plans },
    skills,
    resolutions: resolved.resolutions,
    versionArgsOf,
  });
  return {
    plans: planned.plan === null ? builtIn.plans : [...builtIn.plans, planned.plan],
    complete: complete && planned.plan !== null,
    resolutions: resolved.resolutions,
    leftOut: toLeftOut(planned, skills),
    diagnostics: [...found, ...resolved.diagnostics, ...planned.diagnostics],
  };
}

function toLeftOut({ leftOut }: SkillsImagePlan, skills: readonly Skill[]): LeftOut[] {
  const byDir = new Map(skills.map((skill) => [skill.dir, skill]));
  return leftOut.map((entry) => {
    const skill = byDir.get(entry.dir);
    const elsewhere =
      skill !== undefined && skill.state !== "invalid" && skill.os.length > 0 && !skill.os.includes("linux");
    return { ...entry, elsewhere };
  });
}
