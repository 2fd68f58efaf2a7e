import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { knownBinaries } from "../plan/known-binaries.ts";
import { knownPackages } from "../plan/known-packages.ts";
import { planSkillsImage, type SkillsImagePlan } from "../plan/plan-skills-image.ts";
import { versionArgsOf } from "../recipe/catalog/find-rows.ts";
import { correctSkill } from "../recipe/correct-skill.ts";
import { debianIndex } from "../recipe/debian-index.ts";
import { debianModules } from "../recipe/debian-modules.ts";
import { debianPackages } from "../recipe/debian-packages.ts";
import { deniedKinds } from "../recipe/denied-kinds.ts";
import type { LibraryResolution } from "../recipe/library.ts";
import type { Resolution } from "../recipe/recipe.ts";
import { resolveRequirements } from "../recipe/resolve-requirements.ts";
import type { Skill } from "../skill/skill.ts";
import type { PlanOptions } from "./command-options.ts";
import type { PlanGround } from "./plan-images.ts";
import type { PlanSources } from "./read-plan-sources.ts";
import type { SkillsProfile } from "./read-profiles.ts";

/** A skills image with what was decided for each of its skills. */
export interface PlannedProfile {
  readonly name: string;
  /** Null where no skill is left. */
  readonly plan: ImagePlan | null;
  readonly resolutions: readonly Resolution[];
  readonly libraries: readonly LibraryResolution[];
  readonly leftOut: readonly LeftOut[];
  /** Of resolving and of planning. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface LeftOut {
  /** The skills image. */
  readonly image: string;
  readonly skill: string;
  readonly dir: string;
  readonly reasons: readonly string[];
  /** For another system: that is no fault of the skill or of ours. */
  readonly elsewhere: boolean;
}

export interface ProfileSurroundings {
  readonly sources: PlanSources;
  readonly ground: PlanGround;
  readonly tagPrefix: string;
  readonly accept: readonly string[];
  readonly allow: PlanOptions["allow"];
  readonly builtIns: readonly ImagePlan[];
}

/** Resolves what the skills of one image require, and plans it on the built-in image below. Pure. */
export function planProfile(
  { name, base, skills }: SkillsProfile,
  { sources, ground, tagPrefix, accept, allow, builtIns }: ProfileSurroundings,
): PlannedProfile {
  // What it stands on cannot be planned; the reason is among the diagnostics of that.
  if (builtIns.every((plan) => plan.name !== base)) {
    return { name, plan: null, resolutions: [], libraries: [], leftOut: [], diagnostics: [] };
  }
  const { overlay, debian } = sources;
  const resolved = resolveRequirements(skills, {
    platform: ground.platform,
    below: knownBinaries(base, builtIns),
    packagesBelow: knownPackages(base, builtIns),
    accept: new Set(accept),
    homebrew: allow.includes("homebrew") || overlay.ecosystems.allow?.includes("brew") === true,
    overlay,
    needs: sources.needs,
    debianIndex: debianIndex(debian, ground.platform),
    debianPackages: debianPackages(debian, ground.platform),
    debianModules: debianModules(debian, ground.platform),
    disabledKinds: new Map([...deniedKinds(overlay), ...(ground.unavailable?.kinds ?? [])]),
    ...(ground.unavailable !== undefined && { failedRecipes: ground.unavailable.recipes }),
  });
  const planned = planSkillsImage({
    ...ground,
    tagPrefix,
    name,
    below: { kind: "planned", name: base, plans: builtIns },
    skills: skills.map((skill) => ({ ...correctSkill(skill, overlay).skill, ...refusalOf(skill, sources) })),
    resolutions: resolved.resolutions,
    libraries: resolved.libraries,
    npmScripts: overlay.scripts.npm,
    versionArgsOf,
  });
  return {
    name,
    plan: planned.plan,
    resolutions: resolved.resolutions,
    libraries: resolved.libraries,
    leftOut: toLeftOut(name, planned, skills),
    diagnostics: [...resolved.diagnostics, ...planned.diagnostics],
  };
}

function refusalOf({ dir }: Skill, { needs }: PlanSources): { refused?: string } {
  const [first] = needs.get(dir)?.refusals ?? [];
  return first === undefined ? {} : { refused: first.message };
}

function toLeftOut(image: string, { leftOut }: SkillsImagePlan, skills: readonly Skill[]): LeftOut[] {
  const byDir = new Map(skills.map((skill) => [skill.dir, skill]));
  return leftOut.map((entry) => {
    const skill = byDir.get(entry.dir);
    const elsewhere =
      skill !== undefined && skill.state !== "invalid" && skill.os.length > 0 && !skill.os.includes("linux");
    return { image, ...entry, elsewhere };
  });
}
