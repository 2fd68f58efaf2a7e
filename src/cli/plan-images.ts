import { basename, resolve } from "node:path";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { ExternalBase } from "../plan/external-base.ts";
import type { ImagePlan, Platform } from "../plan/image-plan.ts";
import type { LoadedImageSpec } from "../plan/image-spec.ts";
import { knownBinaries } from "../plan/known-binaries.ts";
import { planBuiltInImages } from "../plan/plan-built-in-images.ts";
import { planSkillsImage, type SkillsImagePlan } from "../plan/plan-skills-image.ts";
import { versionArgsOf } from "../recipe/catalog/find-rows.ts";
import type { RecipeKind, Resolution } from "../recipe/recipe.ts";
import { resolveRequirements } from "../recipe/resolve-requirements.ts";
import type { Skill } from "../skill/skill.ts";
import { builtInImagesDir } from "../source/package-dir.ts";
import { readImageSpecs } from "../source/read-image-specs.ts";
import type { Surroundings } from "./command.ts";
import type { ImageChoice, planOptions } from "./command-options.ts";
import type { OptionValues } from "./option.ts";
import { readSkills } from "./read-skills.ts";
import { defaultTagPrefix } from "./tag-aliases.ts";

/** What a plan is made from, read from the disk. */
export interface PlanSources {
  readonly wanted: readonly ImageChoice[];
  /** Empty where no skills image is wanted. */
  readonly skills: readonly Skill[];
  /** Of the skills image. */
  readonly name: string;
  readonly specs: readonly LoadedImageSpec[];
  /** Of what has no skill to belong to. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a plan depends on besides: it differs between machines and days. */
export interface PlanGround {
  readonly platform: Platform;
  readonly base: ExternalBase;
  readonly aptEpoch: string;
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

export type PlanOptions = OptionValues<typeof planOptions>;

/** Reads skills and image definitions. Throws as {@link readSkills} does, and `USAGE` for PATHS that nothing uses. */
export async function readPlanSources(
  paths: readonly string[],
  options: Pick<PlanOptions, "name" | "only">,
  surroundings: Surroundings,
  defaultWanted: readonly ImageChoice[],
): Promise<PlanSources> {
  const wanted = options.only.length > 0 ? options.only : defaultWanted;
  const wantsSkills = wanted.includes("skills");
  if (!wantsSkills && paths.length > 0) throw uselessPaths();
  const { skills, diagnostics } = wantsSkills ? await readSkills(paths, surroundings) : noSkills;
  const definitions = await readImageSpecs(builtInImagesDir());
  return {
    wanted,
    skills,
    name: options.name ?? nameFromPath(paths[0] ?? "skills", surroundings.cwd),
    specs: definitions.specs,
    diagnostics: [...diagnostics, ...definitions.diagnostics],
  };
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

/** What plans stand on where nothing is known of this machine's engine: the platform of this process. */
export function platformOfProcess(): Platform {
  return process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
}

/** `openclaw` and `openclaw-` both mean `openclaw-sandbox:…`; a registry's folder ends in `/`. */
export function toTagPrefix(prefix: string | null): string {
  if (prefix === null) return defaultTagPrefix;
  return /[-/]$/.test(prefix) ? prefix : `${prefix}-`;
}

const noSkills = { skills: [], diagnostics: [] };

function uselessPaths(): SkillcrateError {
  return new SkillcrateError("USAGE", "Skills were named, but --only leaves the skills image out.", {
    hint: "Add skills to --only, or leave the paths out.",
  });
}

/** The folder's name as an image's: `~/My Skills` gives `my-skills`. */
function nameFromPath(path: string, cwd: string): string {
  const name = basename(resolve(cwd, path))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
  if (name !== "") return name;
  throw new SkillcrateError("USAGE", "The image needs a name, and the folder's cannot be used.", {
    hint: "Add --name and a name of lower-case letters, digits and dashes.",
  });
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
