import { compareText } from "../diagnostic/compare-text.ts";
import type { AptRecipe } from "../recipe/recipe.ts";
import { type Demand, demandsOf, sortRequesters } from "./demand.ts";
import type { BuildStage, Layer, Platform, Requester } from "./image-plan.ts";
import { type LayerContents, orderLayers } from "./order-layers.ts";
import { planBrewTree } from "./plan-brew-tree.ts";
import { planCargoTrees } from "./plan-cargo-trees.ts";
import { planDownloads } from "./plan-downloads.ts";
import { planGoTrees } from "./plan-go-trees.ts";
import { planNodeTrees } from "./plan-node-trees.ts";
import { planPackageFolders } from "./plan-package-folders.ts";
import { planPythonLibraries } from "./plan-python-libraries.ts";
import { planPythonTrees } from "./plan-python-trees.ts";
import type { PlannedLink, TreeTarget } from "./planned-trees.ts";

export interface ContentsInput {
  readonly demands: readonly Demand[];
  readonly platform: Platform;
  /** Commands of the image below. */
  readonly below: ReadonlySet<string>;
  /** Debian package → folders of it that are taken alone. */
  readonly folders: Readonly<Record<string, readonly string[]>>;
  readonly files: LayerContents["files"];
  readonly user: LayerContents["user"];
  readonly definition: Requester | null;
  /** npm packages whose lifecycle scripts may run; default: none. */
  readonly npmScripts?: readonly string[];
}

/** Stages and layers that carry out the demands; equal for every order of them. */
export function planContents(input: ContentsInput): { stages: BuildStage[]; layers: Layer[] } {
  const aptDemands = demandsOf(input.demands, "apt");
  const fromDebian = aptDemands.flatMap(({ requestedBy }) => requestedBy.map((requester) => requester.bin));
  const target: TreeTarget = {
    platform: input.platform,
    below: input.below,
    known: new Set([...input.below, ...fromDebian]),
    npmScripts: [...new Set(input.npmScripts)].sort(compareText),
  };
  const ecosystems = planners.map((plan) => plan(input.demands, target));
  const folders = planPackageFolders(input.folders, input.definition);
  return {
    stages: [...ecosystems.flatMap(({ stages }) => stages), ...folders.stages],
    layers: orderLayers({
      packages: gatherPackages([
        ...aptDemands.map(packagesOf),
        ...ecosystems.map(({ packages }) => packages),
      ]),
      trees: [...ecosystems.flatMap(({ trees }) => trees), ...folders.trees],
      links: [...gatherLinks(aptDemands), ...ecosystems.flatMap(({ links }) => links)],
      files: input.files,
      user: input.user,
      definition: input.definition,
    }),
  };
}

/** Of every ecosystem that makes trees. */
const planners = [
  planNodeTrees,
  planPythonTrees,
  planPythonLibraries,
  planGoTrees,
  planCargoTrees,
  planDownloads,
  planBrewTree,
];

function packagesOf({ recipe, requestedBy }: Demand<AptRecipe>): ReadonlyMap<string, readonly Requester[]> {
  const first = recipe.version === undefined ? recipe.package : `${recipe.package}=${recipe.version}`;
  return new Map([first, ...(recipe.with ?? [])].map((name) => [name, requestedBy]));
}

function gatherPackages(
  parts: readonly ReadonlyMap<string, readonly Requester[]>[],
): Map<string, readonly Requester[]> {
  const gathered = new Map<string, readonly Requester[]>();
  for (const [name, requesters] of parts.flatMap((part) => [...part])) {
    gathered.set(name, sortRequesters([...(gathered.get(name) ?? []), ...requesters]));
  }
  return gathered;
}

/** The names that were asked for and that Debian ships under another. */
function gatherLinks(demands: readonly Demand<AptRecipe>[]): PlannedLink[] {
  const links = new Map<string, PlannedLink>();
  for (const { recipe, requestedBy } of demands) {
    for (const requester of requestedBy) {
      const target = Object.hasOwn(recipe.links ?? {}, requester.bin)
        ? recipe.links?.[requester.bin]
        : undefined;
      if (target === undefined) continue;
      const path = `/usr/local/bin/${requester.bin}`;
      const others = links.get(path)?.requestedBy ?? [];
      links.set(path, { path, target, requestedBy: sortRequesters([...others, requester]) });
    }
  }
  return [...links.values()].sort((left, right) => compareText(left.path, right.path));
}
