import { compareText } from "../diagnostic/compare-text.ts";
import { type Demand, demandsOf, requestedBins, sortRequesters } from "./demand.ts";
import type { BrewTreeStage } from "./image-plan.ts";
import { linksInto, type PlannedTrees, type TreeTarget, treePath, treeStageId } from "./planned-trees.ts";

const toolchainId = "brew-client";

/** What Homebrew asks for on Linux to unpack its bottles; no compiler, since nothing is built from source. */
const toolchainPackages = ["curl", "file", "git", "procps", "python3", "xz-utils"];

/** What every program of Homebrew has compiled into it. */
const home = "/home/linuxbrew";

/** All Homebrew formulas of an image, in one tree. */
export function planBrewTree(demands: readonly Demand[], { platform }: TreeTarget): PlannedTrees {
  const own = demandsOf(demands, "brew");
  if (own.length === 0) return { stages: [], trees: [], links: [], packages: new Map() };
  const names = [...new Set(own.map(({ recipe }) => recipe.package))].sort(compareText);
  const packages = names.map((name) => ({ name, version: null }));
  const output = treePath("homebrew", { packages, platform });
  const requestedBy = sortRequesters(own.flatMap((demand) => demand.requestedBy));
  const stage: BrewTreeStage = {
    kind: "tree",
    ecosystem: "brew",
    id: treeStageId("brew", output),
    toolchain: toolchainId,
    packages,
    output,
    bins: requestedBins(requestedBy),
    requestedBy,
  };
  return {
    stages: [{ kind: "toolchain", id: toolchainId, packages: toolchainPackages, alone: [] }, stage],
    trees: [{ stage: stage.id, path: output, title: `homebrew ${names.join(" ")}`, requestedBy }],
    links: [
      { path: home, target: output, requestedBy },
      ...linksInto(`${output}/.linuxbrew/bin`, requestedBy),
    ],
    packages: new Map(),
  };
}
