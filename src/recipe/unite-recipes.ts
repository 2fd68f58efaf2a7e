import { compareText } from "../diagnostic/compare-text.ts";
import type { Recipe } from "./recipe.ts";

/** A recipe with what any of several for the same program at the same version asks for: extras, features, companions. */
export function uniteRecipes(recipes: readonly Recipe[], first: Recipe): Recipe {
  switch (first.kind) {
    case "python": {
      const extras = unite(recipes, (recipe) => (recipe.kind === "python" ? recipe.extras : undefined));
      const companions = recipes.flatMap((recipe) => (recipe.kind === "python" ? (recipe.with ?? []) : []));
      const byName = new Map(companions.map((companion) => [companion.package, companion]));
      return {
        ...first,
        ...(extras.length > 0 && { extras }),
        ...(byName.size > 0 && { with: [...byName.values()] }),
      };
    }
    case "cargo": {
      const features = unite(recipes, (recipe) => (recipe.kind === "cargo" ? recipe.features : undefined));
      return features.length === 0 ? first : { ...first, features };
    }
    case "apt": {
      const companions = unite(recipes, (recipe) => (recipe.kind === "apt" ? recipe.with : undefined));
      return companions.length === 0 ? first : { ...first, with: companions };
    }
    case "npm": {
      const companions = recipes.flatMap((recipe) => (recipe.kind === "npm" ? (recipe.with ?? []) : []));
      const byName = new Map(companions.map((companion) => [companion.package, companion]));
      return byName.size === 0 ? first : { ...first, with: [...byName.values()] };
    }
    default:
      return first;
  }
}

function unite(
  recipes: readonly Recipe[],
  listOf: (recipe: Recipe) => readonly string[] | undefined,
): string[] {
  return [...new Set(recipes.flatMap((recipe) => listOf(recipe) ?? []))].sort(compareText);
}
