import { compareText } from "../diagnostic/compare-text.ts";
import type { CargoRecipe, DownloadRecipe } from "../recipe/recipe.ts";
import { type Demand, requestedBins, sortRequesters } from "./demand.ts";
import { hashValue } from "./hash-value.ts";
import type {
  BuildStage,
  CopiedTree,
  Link,
  PinnedPackage,
  Platform,
  Requester,
  TreeStage,
} from "./image-plan.ts";

/** What one ecosystem adds to an image: stages, the trees they make, and the names that lead into them. */
export interface PlannedTrees {
  /** Each after those it needs. */
  readonly stages: readonly BuildStage[];
  readonly trees: readonly PlannedTree[];
  readonly links: readonly PlannedLink[];
  /** Debian packages without which the trees do not run in the finished image. */
  readonly packages: ReadonlyMap<string, readonly Requester[]>;
}

export interface PlannedTree extends CopiedTree {
  readonly title: string;
  readonly requestedBy: readonly Requester[];
}

export interface PlannedLink extends Link {
  readonly requestedBy: readonly Requester[];
}

/** What an ecosystem plans its trees for. */
export interface TreeTarget {
  readonly platform: Platform;
  /** Commands of the image below, which is what stages stand on. */
  readonly below: ReadonlySet<string>;
  /** Commands that the finished image has without the trees: those below, and those of its own Debian packages. */
  readonly known: ReadonlySet<string>;
  /** npm packages whose lifecycle scripts may run, sorted. */
  readonly npmScripts: readonly string[];
}

/** The folder of a tree: named for its package, told apart by a hash of everything that goes into it. */
export function treePath(name: string, contents: object): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return `/opt/skills/${slug}-${hashValue(contents).slice(0, 12)}`;
}

/** The stage's name for a tree's folder; the ecosystem in front makes it start with a letter. */
export function treeStageId(ecosystem: string, path: string): string {
  return `${ecosystem}-${path.slice(path.lastIndexOf("/") + 1)}`;
}

/** A package as a recipe names it: exact, or within a range. */
export function pinnedPackage({ package: name, version = null, range, extras }: NamedPackage): PinnedPackage {
  return {
    name,
    version,
    ...(version !== null || range === undefined ? {} : { range }),
    ...(extras === undefined ? {} : { extras: [...extras].sort(compareText) }),
  };
}

interface NamedPackage {
  readonly package: string;
  readonly version?: string | null;
  readonly range?: string;
  readonly extras?: readonly string[];
}

/** Links in `/usr/local/bin` to the commands of `folder` that were asked for. */
export function linksInto(folder: string, requesters: readonly Requester[]): PlannedLink[] {
  return requestedBins(requesters).map((bin) => ({
    path: `/usr/local/bin/${bin}`,
    target: `${folder}/${bin}`,
    requestedBy: requesters.filter((requester) => requester.bin === bin),
  }));
}

/** The Debian packages that programs from elsewhere do not run without, with everyone who asked for one of those. */
export function companionPackages(
  demands: readonly Demand<CargoRecipe | DownloadRecipe>[],
): Map<string, readonly Requester[]> {
  const packages = new Map<string, readonly Requester[]>();
  for (const { recipe, requestedBy } of demands) {
    for (const name of recipe.debian ?? []) {
      packages.set(name, sortRequesters([...(packages.get(name) ?? []), ...requestedBy]));
    }
  }
  return packages;
}

/** Stages whose whole folder goes into the image, with their commands in its `bin` on PATH. */
export function exposeTrees<Stage extends TreeStage>(
  stages: readonly Stage[],
  titleOf: (stage: Stage) => string,
): Pick<PlannedTrees, "trees" | "links"> {
  return {
    trees: stages.map((stage) => ({
      stage: stage.id,
      path: stage.output,
      title: titleOf(stage),
      requestedBy: stage.requestedBy,
    })),
    links: stages.flatMap((stage) => linksInto(`${stage.output}/bin`, stage.requestedBy)),
  };
}

/** Equal stages become one that everyone asked for; sorted by id. */
export function mergeStages<Stage extends TreeStage>(stages: readonly Stage[]): Stage[] {
  const byId = new Map<string, Stage>();
  for (const stage of stages) {
    const requestedBy = sortRequesters([...(byId.get(stage.id)?.requestedBy ?? []), ...stage.requestedBy]);
    byId.set(stage.id, { ...stage, bins: requestedBins(requestedBy), requestedBy });
  }
  return [...byId.values()].sort((left, right) => compareText(left.id, right.id));
}
