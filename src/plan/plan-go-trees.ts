import { goToolchain } from "../recipe/go-release.ts";
import type { GoRecipe } from "../recipe/recipe.ts";
import { type Demand, demandsOf, sortRequesters } from "./demand.ts";
import type { GoTreeStage } from "./image-plan.ts";
import {
  exposeTrees,
  mergeStages,
  type PlannedTrees,
  type TreeTarget,
  treePath,
  treeStageId,
} from "./planned-trees.ts";

const toolchainId = "go-client";

/**
 * Commands written in Go. Debian's Go only brings the release that builds them; a C compiler is there for what a
 * module has in C, as it is where such modules are written.
 */
export function planGoTrees(demands: readonly Demand[], { platform, below }: TreeTarget): PlannedTrees {
  const go = goToolchain(platform);
  const stages = mergeStages(
    demandsOf(demands, "go").map((demand) => commandStage(demand, { platform, go: go.version })),
  );
  if (stages.length === 0) return { stages: [], trees: [], links: [], packages: new Map() };
  const packages = below.has("go") ? ["gcc", "libc6-dev"] : ["gcc", "golang-go", "libc6-dev"];
  return {
    stages: [{ kind: "toolchain", id: toolchainId, packages, alone: [], go }, ...stages],
    ...exposeTrees(
      stages,
      ({ packages: [command] }) =>
        `go ${command?.name}${command?.version == null ? "" : `@${command.version}`}`,
    ),
    packages: new Map(),
  };
}

function commandStage({ recipe, requestedBy }: Demand<GoRecipe>, builder: object): GoTreeStage {
  const packages = [{ name: recipe.package, version: recipe.version ?? null }];
  const [command = ""] = recipe.bins;
  const output = treePath(command, { packages, command, builder });
  return {
    kind: "tree",
    ecosystem: "go",
    id: treeStageId("go", output),
    toolchain: toolchainId,
    packages,
    command,
    output,
    bins: recipe.bins,
    requestedBy: sortRequesters(requestedBy),
  };
}
