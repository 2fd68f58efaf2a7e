import { type KeyedRecipe, recipeKey } from "../recipe/unavailable.ts";
import type { TreeStage } from "./image-plan.ts";

/** A recipe that a stage carries out. */
export interface RecipeOfStage {
  /** As `recipeKey` makes it. */
  readonly key: string;
  readonly package: string;
}

/**
 * The recipes that a stage carries out: of libraries and formulas one for each package, of tools the one that the stage
 * is named for. None for the Node runtime, which is there for others.
 */
export function recipesOfStage(stage: TreeStage): readonly RecipeOfStage[] {
  if (stage.ecosystem === "node") return [];
  const kind = kindsOfRecipes[stage.ecosystem];
  const isShared = stage.ecosystem === "brew" || kind !== stage.ecosystem;
  const sha256 = stage.ecosystem === "download" ? stage.sha256 : null;
  return (isShared ? stage.packages : stage.packages.slice(0, 1)).map(({ name, version, range }) => ({
    key: recipeKey({ kind, package: name, version, range, sha256 }),
    package: name,
  }));
}

const kindsOfRecipes: Readonly<Record<Exclude<TreeStage["ecosystem"], "node">, KeyedRecipe["kind"]>> = {
  npm: "npm",
  python: "python",
  go: "go",
  cargo: "cargo",
  download: "download",
  brew: "brew",
  "python-libraries": "python-library",
  "node-libraries": "node-library",
};
