import { builtInImagesDir } from "../../src/host/package-dir.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { planBuiltInImages } from "../../src/plan/plan-built-in-images.ts";
import {
  planSkillsImage,
  type SkillsImageInput,
  type SkillsImagePlan,
} from "../../src/plan/plan-skills-image.ts";
import type {
  AptRecipe,
  CargoRecipe,
  GoRecipe,
  NpmRecipe,
  PythonRecipe,
  Recipe,
  Resolution,
} from "../../src/recipe/recipe.ts";
import type { Skill } from "../../src/skill/skill.ts";
import { readImageSpecs } from "../../src/source/read-image-specs.ts";
import { plainSkill } from "../support/plain-skill.ts";

const { specs, diagnostics } = await readImageSpecs(builtInImagesDir());
if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));

/** The image definitions of the package. */
export const builtInSpecs = specs;

export const builtInInput = {
  specs: builtInSpecs,
  tagPrefix: "openclaw-",
  platform: "linux/amd64",
  base: { reference: "debian:bookworm-slim", digest: `sha256:${"a".repeat(64)}`, imageId: null },
  aptEpoch: "2026-11-01",
} as const;

/** Plans of the built-in images, as the package's users get them. */
export const builtInPlans: readonly ImagePlan[] = planBuiltInImages(builtInInput).plans;

export function builtInPlan(name: string): ImagePlan {
  const plan = builtInPlans.find((candidate) => candidate.name === name);
  if (plan === undefined) throw new Error(`no plan ${name}`);
  return plan;
}

/** A skill and what its commands resolved to: a recipe, or `null` for what is present. */
export interface Wish {
  readonly name: string;
  readonly bins: Readonly<Record<string, Recipe | null>>;
  readonly skill?: Partial<Skill>;
}

export function resolution(name: string, bin: string, parts: Partial<Resolution>): Resolution {
  return {
    skill: name,
    dir: `/skills/${name}`,
    bin,
    status: "resolved",
    recipe: null,
    evidence: null,
    reason: "a test says so",
    place: { file: `/skills/${name}/SKILL.md`, line: 4, column: 12 },
    ...parts,
  };
}

/** Plans an image on `base` for skills whose every command is there or has a recipe. */
export function planWishes(wishes: readonly Wish[], input: Partial<SkillsImageInput> = {}): SkillsImagePlan {
  const resolutions = wishes.flatMap(({ name, bins }) =>
    Object.entries(bins).map(([bin, recipe]) =>
      resolution(name, bin, { recipe, status: recipe === null ? "present" : "resolved" }),
    ),
  );
  const skills = wishes.map(({ name, bins, skill }) =>
    plainSkill({
      name,
      requires: { bins: Object.keys(bins), anyBins: [], env: [], config: [] },
      ...skill,
    }),
  );
  return planSkillsImage({
    name: "mine",
    below: { kind: "planned", name: "base", plans: builtInPlans },
    skills,
    resolutions,
    tagPrefix: "openclaw-",
    platform: "linux/amd64",
    aptEpoch: "2026-11-01",
    ...input,
  });
}

/** The plan for wishes that can all be fulfilled. */
export function plannedFor(wishes: readonly Wish[], input: Partial<SkillsImageInput> = {}): ImagePlan {
  const { plan, leftOut, diagnostics: problems } = planWishes(wishes, input);
  if (plan === null || leftOut.length > 0) throw new Error(JSON.stringify({ leftOut, problems }));
  return plan;
}

export const apt = (name: string, links?: Record<string, string>): AptRecipe => ({
  kind: "apt",
  package: name,
  ...(links && { links }),
});
export const npm = (name: string, version: string, bins: string[]): NpmRecipe => ({
  kind: "npm",
  package: name,
  version,
  bins,
});
export const go = (path: string, version: string | null, bin: string): GoRecipe => ({
  kind: "go",
  package: path,
  ...(version !== null && { version }),
  bins: [bin],
});
export const cargo = (name: string, version: string | null, bins: string[]): CargoRecipe => ({
  kind: "cargo",
  package: name,
  ...(version !== null && { version }),
  bins,
});
export const python = (name: string, version: string, bins: string[]): PythonRecipe => ({
  kind: "python",
  package: name,
  version,
  bins,
});
