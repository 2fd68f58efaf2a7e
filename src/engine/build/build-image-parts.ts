import { compareText } from "../../diagnostic/compare-text.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ImagePlan, PythonLibrariesStage, PythonTreeStage, TreeStage } from "../../plan/image-plan.ts";
import { leaveOutOptional } from "../../plan/leave-out-optional.ts";
import type { RecipeKind } from "../../recipe/recipe.ts";
import type { BuildSettings } from "../build-settings.ts";
import type { LeftOut } from "../label/label-values.ts";

/** What of a plan is to be built. Its hash may be another than that of the plan that was asked for. */
export interface ChosenParts {
  readonly plan: ImagePlan;
  readonly leftOut: readonly LeftOut[];
}

/**
 * Leaves out what cannot be had: commands that the image below was built without, and recipes whose index does not
 * answer. Throws `ECOSYSTEM_UNREACHABLE` where the image cannot do without them.
 */
export function chooseParts(
  asked: ImagePlan,
  belowLeftOut: readonly LeftOut[],
  unreachable: ReadonlyMap<RecipeKind, string>,
  replan: BuildSettings["replan"],
): ChosenParts {
  const missing = new Set(belowLeftOut.flatMap(({ bins }) => bins));
  const inherited = belowLeftOut.filter(({ bins }) => bins.some((bin) => isPromised(asked, bin)));
  const { plan, leftOut } = dropUnreachable(asked, unreachable, replan);
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

function dropUnreachable(
  asked: ImagePlan,
  unreachable: ReadonlyMap<RecipeKind, string>,
  replan: BuildSettings["replan"],
): ChosenParts {
  const lost = stagesOutOfReach(asked, unreachable);
  if (lost.length === 0) return { plan: asked, leftOut: [] };
  const needed = lost.some(({ stage }) => stage.ecosystem !== "python" || !stage.optional);
  const plan = needed ? replan(asked, unreachable) : leaveOutOptional(asked);
  if (plan === null) throw indexNeeded(asked, lost);
  const kept = new Set(plan.stages.map(({ id }) => id));
  return { plan, leftOut: lost.filter(({ stage }) => !kept.has(stage.id)).map(toLeftOut) };
}

interface LostStage {
  readonly stage: TreeStage;
  readonly reason: string;
}

/** What a lock holds is fetched by address and digest, and is not planned anew. */
function stagesOutOfReach(
  { stages, locked }: ImagePlan,
  unreachable: ReadonlyMap<RecipeKind, string>,
): readonly LostStage[] {
  return stages.flatMap((stage) => {
    if (stage.kind !== "tree" || locked?.parts[stage.id] !== undefined) return [];
    const reason = unreachable.get(kindOfStage(stage));
    return reason === undefined ? [] : [{ stage, reason }];
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

function indexNeeded(plan: ImagePlan, lost: readonly LostStage[]): SkillcrateError {
  const parts = lost.map(toLeftOut);
  const reasons = [...new Set(lost.map(({ reason }) => reason))].join("; ");
  return new SkillcrateError(
    "ECOSYSTEM_UNREACHABLE",
    `${plan.name} cannot do without ${parts.map((part) => part.package).join(", ")}: ${reasons}`,
    { hint: reachHint, diagnostics: describeLeftOut(plan, parts) },
  );
}

function toLeftOut({ stage: { ecosystem, packages, bins, requestedBy }, reason }: LostStage): LeftOut {
  if (ecosystem !== "python-libraries" && ecosystem !== "node-libraries") {
    return { package: packages[0]?.name ?? "", bins, reason };
  }
  const names = requestedBy.flatMap(({ library }) => library?.name ?? []);
  return {
    package: packages.map(({ name }) => name).join(", "),
    bins,
    libraries: [...new Set(names)].sort(compareText),
    reason,
  };
}

/** Says of each part that an image was built without it, at the lines that asked for it. */
export function describeLeftOut(asked: ImagePlan, leftOut: readonly LeftOut[]): readonly Diagnostic[] {
  return leftOut.map((part) => {
    const { bins, libraries = [] } = part;
    const requesters = [
      ...asked.promises.filter(({ name }) => bins.includes(name)).flatMap((promise) => promise.requestedBy),
      ...(asked.libraries ?? [])
        .flatMap((promise) => promise.requestedBy)
        .filter(({ library }) => library !== undefined && libraries.includes(library.name)),
    ];
    const place = requesters.find((requester) => requester.place !== undefined)?.place;
    return {
      code: "IMAGE_PART_LEFT_OUT",
      severity: "warning",
      message: `${asked.name} is without ${[...bins, ...libraries].join(", ")} (${part.package}): ${part.reason}`,
      hint: reachHint,
      ...(place === undefined ? {} : { place }),
    };
  });
}

const reachHint =
  "Name an index or a proxy that this network lets containers reach (--python-index, --go-proxy, --cargo-registry, " +
  "--https-proxy), and build again with --no-cache.";
