import { compareText } from "../diagnostic/compare-text.ts";
import type { NodeLibraryRecipe } from "../recipe/recipe.ts";
import { type Demand, sortRequesters } from "./demand.ts";
import type { NodeLibrariesStage } from "./image-plan.ts";
import { type PlannedTrees, pinnedPackage, type TreeTarget, treePath, treeStageId } from "./planned-trees.ts";

/** Where every folder's search for libraries ends: `require` and `import` look into `node_modules` of all folders above. */
const lastFolder = "/node_modules";

/** One stage for all Node libraries of an image; none where there is no library. */
export function planNodeLibraries(
  demands: readonly Demand<NodeLibraryRecipe>[],
  toolchain: string,
  runtime: string | null,
  { platform, npmScripts }: Pick<TreeTarget, "platform" | "npmScripts">,
): NodeLibrariesStage[] {
  if (demands.length === 0) return [];
  const packages = demands
    .map(({ recipe }) => pinnedPackage(recipe))
    .sort((left, right) => compareText(left.name, right.name));
  const scripts = npmScripts.length > 0 ? { scripts: npmScripts } : {};
  const output = treePath("node-libraries", { packages, platform, runtime, ...scripts });
  return [
    {
      kind: "tree",
      ecosystem: "node-libraries",
      id: treeStageId("tree", output),
      toolchain,
      runtime,
      packages,
      ...scripts,
      output,
      bins: [],
      requestedBy: sortRequesters(demands.flatMap((demand) => demand.requestedBy)),
    },
  ];
}

/** What the stage adds to the image. */
export function nodeLibraryParts({
  id,
  output,
  packages,
  requestedBy,
}: NodeLibrariesStage): Pick<PlannedTrees, "trees" | "links"> {
  const title = `node libraries ${packages.map(({ name }) => name).join(" ")}`;
  return {
    trees: [{ stage: id, path: output, title, requestedBy }],
    links: [{ path: lastFolder, target: `${output}/node_modules`, requestedBy }],
  };
}
