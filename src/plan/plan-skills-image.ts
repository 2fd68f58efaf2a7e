import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { LibraryResolution } from "../recipe/library.ts";
import type { Resolution } from "../recipe/recipe.ts";
import { checkTag } from "./check-tag.ts";
import { type Demand, sortRequesters } from "./demand.ts";
import type { ExternalBase } from "./external-base.ts";
import { hashPlan } from "./hash-plan.ts";
import { hashValue } from "./hash-value.ts";
import { imageChain } from "./image-chain.ts";
import type {
  ImageBelow,
  ImagePlan,
  Platform,
  PromisedBinary,
  PromisedLibrary,
  Requester,
} from "./image-plan.ts";
import { knownBinaries } from "./known-binaries.ts";
import { planContents } from "./plan-contents.ts";
import { type IncludedSkill, type LeftOutSkill, type PlannableSkill, selectSkills } from "./select-skills.ts";

/** What a skills image stands on: a planned image by name, or one from elsewhere with what is known of it. */
export type SkillsBelow =
  | { readonly kind: "planned"; readonly name: string; readonly plans: readonly ImagePlan[] }
  | {
      readonly kind: "external";
      readonly base: ExternalBase;
      /** Its commands, as a probe found them. */
      readonly known: ReadonlySet<string>;
      /** The user it runs as; null: root. */
      readonly user: string | null;
    };

export interface SkillsImageInput {
  /** Lower-case letters, digits and dashes; the tag ends in it. */
  readonly name: string;
  readonly below: SkillsBelow;
  readonly skills: readonly PlannableSkill[];
  readonly resolutions: readonly Resolution[];
  readonly libraries?: readonly LibraryResolution[];
  readonly tagPrefix: string;
  readonly platform: Platform;
  readonly aptEpoch: string;
  /** See {@link ImagePlan}. */
  readonly keeps?: string;
  /** npm packages whose lifecycle scripts may run; default: none. */
  readonly npmScripts?: readonly string[];
  /** Arguments that print a command's version, where they are known. */
  readonly versionArgsOf?: (bin: string) => readonly string[] | null;
}

export interface SkillsImagePlan {
  /** Null where no skill is included, or the name cannot be used. */
  readonly plan: ImagePlan | null;
  readonly included: readonly IncludedSkill[];
  readonly leftOut: readonly LeftOutSkill[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The image that holds exactly what the skills require and the image below does not have. */
export function planSkillsImage(input: SkillsImageInput): SkillsImagePlan {
  const { included, leftOut, usable, usableLibraries } = selectSkills(
    input.skills,
    input.resolutions,
    input.libraries,
  );
  const tag = `${input.tagPrefix}sandbox-skills:${input.name}`;
  const problem = nameProblem(input.name, tag);
  if (problem !== null) return { plan: null, included, leftOut, diagnostics: [problem] };
  if (included.length === 0) return { plan: null, included, leftOut, diagnostics: [] };
  const { below, known, user } = standOn(input.below);
  const { stages, layers } = planContents({
    demands: gatherDemands([...usable, ...usableLibraries]),
    platform: input.platform,
    below: known,
    folders: {},
    files: [],
    user: null,
    definition: null,
    ...(input.npmScripts === undefined ? {} : { npmScripts: input.npmScripts }),
  });
  const plan: Omit<ImagePlan, "hash"> = {
    format: "skillcrate/image-plan@1",
    name: input.name,
    tag,
    platform: input.platform,
    below,
    aptEpoch: input.aptEpoch,
    ...(input.keeps === undefined ? {} : { keeps: input.keeps }),
    stages,
    layers,
    config: { user, workdir: null, env: {}, entrypoint: null, cmd: null, expose: [] },
    promises: gatherPromises(usable, input.versionArgsOf),
    ...(usableLibraries.length === 0 ? {} : { libraries: gatherLibraries(usableLibraries) }),
  };
  return { plan: { ...plan, hash: hashPlan(plan) }, included, leftOut, diagnostics: [] };
}

const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
const builtInNames: ReadonlySet<string> = new Set(["base", "browser", "common"]);

function nameProblem(name: string, tag: string): Diagnostic | null {
  if (!namePattern.test(name) || builtInNames.has(name)) {
    return {
      code: "PLAN_NAME_INVALID",
      severity: "error",
      message: `${quoteValue(name)} cannot be the name of a skills image.`,
      hint: "Use up to 63 lower-case letters, digits and dashes, and not base, browser or common.",
    };
  }
  return checkTag(tag);
}

function standOn(below: SkillsBelow): { below: ImageBelow; known: ReadonlySet<string>; user: string | null } {
  if (below.kind === "external") {
    return { below: { kind: "external", ...below.base }, known: below.known, user: below.user };
  }
  const chain = imageChain(below.name, below.plans);
  const plan = chain.at(-1);
  if (plan === undefined) throw new RangeError(`no plan named ${below.name}`);
  return {
    below: { kind: "planned", name: plan.name, reference: plan.tag, hash: plan.hash },
    known: new Set(knownBinaries(plan.name, below.plans).keys()),
    user: chain.findLast((lower) => lower.config.user !== null)?.config.user ?? null,
  };
}

/** One demand for each recipe, whoever asked for it. */
function gatherDemands(resolutions: readonly (Resolution | LibraryResolution)[]): Demand[] {
  const demands = new Map<string, Demand>();
  for (const resolution of resolutions) {
    const { recipe } = resolution;
    if (recipe === null || resolution.status !== "resolved") continue;
    const key = hashValue(recipe);
    const requestedBy = [...(demands.get(key)?.requestedBy ?? []), requesterOf(resolution)];
    demands.set(key, { recipe, requestedBy: sortRequesters(requestedBy) });
  }
  return [...demands].sort(([left], [right]) => compareText(left, right)).map(([, demand]) => demand);
}

function gatherPromises(
  resolutions: readonly Resolution[],
  versionArgsOf: SkillsImageInput["versionArgsOf"],
): PromisedBinary[] {
  const bins = [...new Set(resolutions.map((resolution) => resolution.bin))].sort(compareText);
  return bins.map((name) => ({
    name,
    versionArgs: versionArgsOf?.(name) ?? null,
    requestedBy: sortRequesters(resolutions.filter(({ bin }) => bin === name).map(requesterOf)),
  }));
}

function gatherLibraries(resolutions: readonly LibraryResolution[]): PromisedLibrary[] {
  const libraries = new Map<string, PromisedLibrary>();
  for (const resolution of resolutions) {
    if (resolution.promise === null) continue;
    const { language, naming, name } = resolution.promise;
    const key = JSON.stringify([language, naming, name]);
    const requestedBy = [...(libraries.get(key)?.requestedBy ?? []), requesterOf(resolution)];
    libraries.set(key, { language, naming, name, requestedBy: sortRequesters(requestedBy) });
  }
  return [...libraries].sort(([left], [right]) => compareText(left, right)).map(([, promise]) => promise);
}

function requesterOf(resolution: Resolution | LibraryResolution): Requester {
  const { skill, place, recipe } = resolution;
  const at = place === undefined ? {} : { place };
  const isShared = recipe !== null && (recipe.kind === "apt" || "library" in resolution);
  const chosen = isShared ? { package: recipe.package } : {};
  if ("bin" in resolution) return { skill, bin: resolution.bin, ...chosen, ...at };
  const { language, naming, library: name } = resolution;
  return { skill, bin: "", library: { language, naming, name }, ...chosen, ...at };
}
