import type { CargoRecipe } from "../recipe/recipe.ts";
import { type Demand, demandsOf, sortRequesters } from "./demand.ts";
import type { CargoTreeStage } from "./image-plan.ts";
import {
  companionPackages,
  exposeTrees,
  mergeStages,
  type PlannedTrees,
  type TreeTarget,
  treePath,
  treeStageId,
} from "./planned-trees.ts";

const toolchainId = "cargo-client";

/** What crates that bind C libraries most often ask for. */
const librariesAndCompilers = [
  "g++",
  "gcc",
  "libasound2-dev",
  "libc6-dev",
  "libdbus-1-dev",
  "libssl-dev",
  "libudev-dev",
  "make",
  "pkg-config",
];

/**
 * The commands of crates, each crate in a tree of its own. They are built by Debian's newer Rust, which it keeps for
 * browsers: its other one cannot read today's registry.
 */
export function planCargoTrees(demands: readonly Demand[], { platform, below }: TreeTarget): PlannedTrees {
  const stages = mergeStages(demandsOf(demands, "cargo").map((demand) => crateStage(demand, platform)));
  if (stages.length === 0) return { stages: [], trees: [], links: [], packages: new Map() };
  const packages = [...(below.has("cargo") ? [] : ["cargo-web"]), ...librariesAndCompilers];
  return {
    stages: [{ kind: "toolchain", id: toolchainId, packages, alone: [] }, ...stages],
    ...exposeTrees(
      stages,
      ({ packages: [crate] }) => `cargo ${crate?.name}${crate?.version == null ? "" : `@${crate.version}`}`,
    ),
    packages: companionPackages(demandsOf(demands, "cargo")),
  };
}

function crateStage({ recipe, requestedBy }: Demand<CargoRecipe>, platform: string): CargoTreeStage {
  const packages = [{ name: recipe.package, version: recipe.version ?? null }];
  const features = [...(recipe.features ?? [])].sort();
  const output = treePath(recipe.package, { packages, features, platform });
  return {
    kind: "tree",
    ecosystem: "cargo",
    id: treeStageId("cargo", output),
    toolchain: toolchainId,
    packages,
    features,
    output,
    bins: recipe.bins,
    requestedBy: sortRequesters(requestedBy),
  };
}
