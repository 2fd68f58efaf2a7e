import type { DownloadRecipe } from "../recipe/recipe.ts";
import { type Demand, demandsOf, requestedBins, sortRequesters } from "./demand.ts";
import type { DownloadTreeStage, PinnedPackage } from "./image-plan.ts";
import {
  companionPackages,
  exposeTrees,
  mergeStages,
  type PlannedTrees,
  type TreeTarget,
  treePath,
  treeStageId,
} from "./planned-trees.ts";

const toolchainId = "download-client";

/** Release files, each in a tree of its own. Debian's Python fetches and unpacks them. */
export function planDownloads(demands: readonly Demand[], { below }: TreeTarget): PlannedTrees {
  const stages = mergeStages(demandsOf(demands, "download").map(downloadStage));
  if (stages.length === 0) return { stages: [], trees: [], links: [], packages: new Map() };
  return {
    stages: [
      { kind: "toolchain", id: toolchainId, packages: below.has("python3") ? [] : ["python3"], alone: [] },
      ...stages,
    ],
    ...exposeTrees(
      stages,
      ({ packages }) => `download ${packages.map(({ name }) => fileName(name)).join(" ")}`,
    ),
    packages: companionPackages(demandsOf(demands, "download")),
  };
}

function downloadStage({ recipe, requestedBy }: Demand<DownloadRecipe>): DownloadTreeStage {
  const { package: name, version = null, sha256, archive, stripComponents, files } = recipe;
  const packages: PinnedPackage[] = [{ name, version }];
  const output = treePath(fileName(name), { packages, sha256, archive, stripComponents, files });
  return {
    kind: "tree",
    ecosystem: "download",
    id: treeStageId("download", output),
    toolchain: toolchainId,
    packages,
    sha256,
    archive,
    stripComponents,
    files,
    output,
    bins: requestedBins(requestedBy),
    requestedBy: sortRequesters(requestedBy),
  };
}

/** The last part of an address's path, for people and for the folder's name. */
function fileName(url: string): string {
  return /([^/?]+)\/?(?:\?.*)?$/.exec(url)?.[1] ?? url;
}
