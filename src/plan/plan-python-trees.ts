import { compareText } from "../diagnostic/compare-text.ts";
import type { PythonRecipe } from "../recipe/recipe.ts";
import { type Demand, demandsOf, sortRequesters } from "./demand.ts";
import type { PinnedPackage, PythonTreeStage } from "./image-plan.ts";
import {
  exposeTrees,
  mergeStages,
  type PlannedTrees,
  pinnedPackage,
  type TreeTarget,
  treePath,
  treeStageId,
} from "./planned-trees.ts";

const toolchainId = "python-client";

/** Python tools, each in a virtual environment of its own on Debian's Python. */
export function planPythonTrees(
  demands: readonly Demand[],
  { platform, below, known }: TreeTarget,
): PlannedTrees {
  const stages = mergeStages(demandsOf(demands, "python").map((demand) => toolStage(demand, platform)));
  if (stages.length === 0) return { stages: [], trees: [], links: [], packages: new Map() };
  const everyone = sortRequesters(stages.flatMap((stage) => stage.requestedBy));
  return {
    stages: [
      { kind: "toolchain", id: toolchainId, packages: below.has("pip3") ? [] : ["python3-pip"], alone: [] },
      ...stages,
    ],
    ...exposeTrees(stages, ({ packages }) => `python ${packages.map(pinned).join(" ")}`),
    packages: known.has("python3") ? new Map() : new Map([["python3", everyone]]),
  };
}

function toolStage(
  { recipe, requestedBy, optional }: Demand<PythonRecipe>,
  platform: string,
): PythonTreeStage {
  const companions = [...(recipe.with ?? [])].sort((left, right) => compareText(left.package, right.package));
  const packages = [recipe, ...companions].map(pinnedPackage);
  const output = treePath(recipe.package, { packages, platform });
  return {
    kind: "tree",
    ecosystem: "python",
    optional: optional ?? false,
    id: treeStageId("python", output),
    toolchain: toolchainId,
    packages,
    output,
    bins: recipe.bins,
    requestedBy: sortRequesters(requestedBy),
  };
}

function pinned({ name, version }: PinnedPackage): string {
  return version === null ? name : `${name}==${version}`;
}
