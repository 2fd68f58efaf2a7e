import { compareText } from "../diagnostic/compare-text.ts";
import type { AptRecipe } from "../recipe/recipe.ts";
import { type Demand, demandsOf, sortRequesters } from "./demand.ts";
import type { PinnedPackage, PythonLibrariesStage, Requester } from "./image-plan.ts";
import { type PlannedTrees, pinnedPackage, type TreeTarget, treePath, treeStageId } from "./planned-trees.ts";

const toolchainId = "python-libraries-client";

/** Where Debian's Python looks for what an administrator adds; bookworm's is 3.11. */
const pathFile = "/usr/local/lib/python3.11/dist-packages/skillcrate-libraries.pth";

/**
 * Python libraries that do not come from Debian, all in one environment. The stage has Debian's libraries of this image
 * too, so that what pip chooses goes with them: all of them are found by one and the same Python.
 */
export function planPythonLibraries(
  demands: readonly Demand[],
  { platform, below, known }: TreeTarget,
): PlannedTrees {
  const wanted = demandsOf(demands, "python-library");
  if (wanted.length === 0) return { stages: [], trees: [], links: [], packages: new Map() };
  const requestedBy = sortRequesters(wanted.flatMap((demand) => demand.requestedBy));
  const packages = wanted.map(({ recipe }) => pinnedPackage(recipe)).sort(byName);
  const beside = demands.filter(isDebianLibraryDemand).map(({ recipe }) => recipe.package);
  const debian = [...new Set([...(below.has("pip3") ? [] : ["python3-pip"]), ...beside])].sort(compareText);
  const output = treePath("python-libraries", { packages, debian, platform });
  const stage: PythonLibrariesStage = {
    kind: "tree",
    ecosystem: "python-libraries",
    id: treeStageId("tree", output),
    toolchain: toolchainId,
    packages,
    output,
    bins: [],
    requestedBy,
  };
  return {
    stages: [{ kind: "toolchain", id: toolchainId, packages: debian, alone: [] }, stage],
    trees: [{ stage: stage.id, path: output, title: titleOf(packages), requestedBy }],
    links: [{ path: pathFile, target: `${output}/libraries.pth`, requestedBy }],
    packages: known.has("python3")
      ? new Map()
      : new Map<string, readonly Requester[]>([["python3", requestedBy]]),
  };
}

function byName(left: PinnedPackage, right: PinnedPackage): number {
  return compareText(left.name, right.name) || compareText(left.range ?? "", right.range ?? "");
}

function titleOf(packages: readonly PinnedPackage[]): string {
  return `python libraries ${packages.map(({ name }) => name).join(" ")}`;
}

function isDebianLibraryDemand(demand: Demand): demand is Demand<AptRecipe> {
  return (
    demand.recipe.kind === "apt" && demand.requestedBy.some(({ library }) => library?.language === "python")
  );
}
