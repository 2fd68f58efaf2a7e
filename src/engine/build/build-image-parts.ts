import { compareText } from "../../diagnostic/compare-text.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type {
  ImagePlan,
  Layer,
  PythonLibrariesStage,
  PythonTreeStage,
  TreeStage,
} from "../../plan/image-plan.ts";
import { leaveOutOptional } from "../../plan/leave-out-optional.ts";
import { recipesOfStage } from "../../plan/recipes-of-stage.ts";
import type { RecipeKind } from "../../recipe/recipe.ts";
import type { Unavailable } from "../../recipe/unavailable.ts";
import type { BuildSettings } from "../build-settings.ts";
import type { LeftOut } from "../label/label-values.ts";
import { describeLeftOut, reachHint } from "./describe-left-out.ts";

/** What of a plan is to be built. Its hash may be another than that of the plan that was asked for. */
export interface ChosenParts {
  readonly plan: ImagePlan;
  readonly leftOut: readonly LeftOut[];
}

/**
 * Leaves out what cannot be had: commands that the image below was built without, recipes whose index does not answer,
 * and those that fail. Throws `ECOSYSTEM_UNREACHABLE` where the image cannot do without them.
 */
export function chooseParts(
  asked: ImagePlan,
  belowLeftOut: readonly LeftOut[],
  unavailable: Unavailable,
  replan: BuildSettings["replan"],
): ChosenParts {
  const missing = new Set(belowLeftOut.flatMap(({ bins }) => bins));
  const inherited = belowLeftOut.filter(({ bins }) => bins.some((bin) => isPromised(asked, bin)));
  const { plan, leftOut } = dropUnavailable(asked, unavailable, replan);
  return {
    plan: { ...plan, promises: plan.promises.filter(({ name }) => !missing.has(name)) },
    leftOut: [...inherited, ...leftOut],
  };
}

export type PythonStage = PythonTreeStage | PythonLibrariesStage;

/** Stages whose index has to be asked for before they are built: those that are not locked. */
export function pythonStages({ stages, locked }: ImagePlan): readonly PythonStage[] {
  return stages
    .filter((stage) => stage.kind === "tree")
    .filter((stage) => stage.ecosystem === "python" || stage.ecosystem === "python-libraries")
    .filter(({ id }) => locked?.parts[id] === undefined);
}

/** What a finished image says that it was built without, as what could not be had. */
export function unavailableOf({ stages }: ImagePlan, leftOut: readonly LeftOut[]): Unavailable {
  const kinds = new Map<RecipeKind, string>();
  for (const stage of stages) {
    if (stage.kind !== "tree") continue;
    const [first] = stage.packages;
    const part = leftOut.find(
      ({ recipe, package: names }) => recipe === undefined && names.split(", ").includes(first?.name ?? ""),
    );
    if (part !== undefined) kinds.set(kindOfStage(stage), part.reason);
  }
  const recipes = leftOut.flatMap(({ recipe, reason }) =>
    recipe === undefined ? [] : [[recipe, reason] as const],
  );
  return { kinds, recipes: new Map(recipes) };
}

function dropUnavailable(
  asked: ImagePlan,
  unavailable: Unavailable,
  replan: BuildSettings["replan"],
): ChosenParts {
  const lost = lostParts(asked, unavailable);
  if (lost.length === 0) return { plan: asked, leftOut: [] };
  const isOptional = lost.every(({ part }) => "optional" in part && part.optional);
  const plan = isOptional
    ? leaveOutOptional(asked, new Set(lost.map(({ part }) => part.id)))
    : replan(asked, unavailable);
  if (plan === null) throw indexNeeded(asked, lost);
  const leftOut = lost.filter((each) => !isIn(plan, each)).map((each) => each.leftOut);
  return { plan, leftOut: [...leftOut, ...failedInstead(lost, unavailable)] };
}

/** Recipes that nobody asked for at first: they were planned in place of others, and failed too. */
function failedInstead(lost: readonly LostPart[], { recipes }: Unavailable): LeftOut[] {
  const asked = new Set(lost.map(({ leftOut }) => leftOut.recipe));
  return [...recipes]
    .filter(([recipe]) => !asked.has(recipe))
    .map(([recipe, reason]) => ({ package: recipe.split(" ")[1] ?? recipe, bins: [], reason, recipe }));
}

/** A recipe of a stage or a layer, or all of them. */
interface LostPart {
  readonly part: TreeStage | PackagesLayer;
  readonly leftOut: LeftOut;
}

type PackagesLayer = Extract<Layer, { kind: "packages" }>;

/** What a lock holds is fetched by address and digest, and is not planned anew. */
function lostParts(asked: ImagePlan, { kinds, recipes }: Unavailable): readonly LostPart[] {
  const { stages, layers, locked } = asked;
  const isOpen = ({ id }: TreeStage | Layer): boolean => locked?.parts[id] === undefined;
  const trees = stages.filter((stage) => stage.kind === "tree").filter(isOpen);
  return [
    ...trees.flatMap((part): LostPart[] => {
      const reason = kinds.get(kindOfStage(part));
      return reason === undefined
        ? failedRecipes(part, recipes)
        : [{ part, leftOut: describeStage(part, reason) }];
    }),
    ...layers
      .filter((layer) => layer.kind === "packages")
      .filter(isOpen)
      .flatMap((part) => failedPackages(part, recipes)),
  ];
}

function failedRecipes(part: TreeStage, failed: Unavailable["recipes"]): LostPart[] {
  return recipesOfStage(part).flatMap(({ key, package: name }) => {
    const reason = failed.get(key);
    if (reason === undefined) return [];
    const whole = describeStage(part, reason);
    const libraries = part.requestedBy.flatMap((requester) =>
      requester.library !== undefined && requester.package === name ? requester.library.name : [],
    );
    const own = whole.libraries === undefined ? {} : { libraries: sortedNames(libraries) };
    return [{ part, leftOut: { ...whole, package: name, ...own, recipe: key } }];
  });
}

function failedPackages(part: PackagesLayer, failed: Unavailable["recipes"]): LostPart[] {
  return part.packages.flatMap((name) => {
    const recipe = `apt ${name}`;
    const reason = failed.get(recipe);
    if (reason === undefined) return [];
    const bins = part.requestedBy.filter((requester) => requester.package === name).map(({ bin }) => bin);
    return [{ part, leftOut: { package: name, bins: sortedNames(bins), reason, recipe } }];
  });
}

/** Libraries come from the indexes of programs. */
export function kindOfStage({ ecosystem }: TreeStage): RecipeKind {
  switch (ecosystem) {
    case "python-libraries":
      return "python";
    case "node-libraries":
      return "npm";
    default:
      return ecosystem;
  }
}

function isPromised(plan: ImagePlan, bin: string): boolean {
  return plan.promises.some(({ name }) => name === bin);
}

/** Whether a plan still has what was lost. */
function isIn(
  { stages, layers }: ImagePlan,
  { part, leftOut: { recipe, package: name } }: LostPart,
): boolean {
  if (recipe === undefined) return stages.some(({ id }) => id === part.id);
  if (part.kind === "packages") {
    return layers.some((layer) => layer.kind === "packages" && layer.packages.includes(name));
  }
  return stages.some(
    (stage) => stage.kind === "tree" && recipesOfStage(stage).some(({ key }) => key === recipe),
  );
}

function indexNeeded(plan: ImagePlan, lost: readonly LostPart[]): SkillcrateError {
  const parts = lost.map(({ leftOut }) => leftOut);
  const reasons = [...new Set(parts.map(({ reason }) => reason))].join("; ");
  return new SkillcrateError(
    "ECOSYSTEM_UNREACHABLE",
    `${plan.name} cannot do without ${parts.map((part) => part.package).join(", ")}: ${reasons}`,
    { hint: reachHint, diagnostics: describeLeftOut(plan, parts) },
  );
}

function describeStage({ ecosystem, packages, bins, requestedBy }: TreeStage, reason: string): LeftOut {
  if (ecosystem !== "python-libraries" && ecosystem !== "node-libraries") {
    return { package: packages[0]?.name ?? "", bins, reason };
  }
  return {
    package: packages.map(({ name }) => name).join(", "),
    bins,
    libraries: sortedNames(requestedBy.flatMap(({ library }) => library?.name ?? [])),
    reason,
  };
}

function sortedNames(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compareText);
}
