import { compareText } from "../diagnostic/compare-text.ts";
import type { Recipe } from "./recipe.ts";

/** A recipe with what any of several for the same program at the same version asks for: extras, features, companions. */
export function uniteRecipes(recipes: readonly Recipe[], first: Recipe): Recipe {
  switch (first.kind) {
    case "apt": {
      const companions = unite(
        recipes.flatMap((recipe) => (recipe.kind === "apt" ? (recipe.with ?? []) : [])),
      );
      return companions.length === 0 ? first : { ...first, with: companions };
    }
    case "npm": {
      const companions = uniteCompanions(recipes.map((recipe) => (recipe.kind === "npm" ? recipe.with : [])));
      return companions.length === 0 ? first : { ...first, with: companions };
    }
    case "python": {
      const companions = uniteCompanions(
        recipes.map((recipe) => (recipe.kind === "python" ? recipe.with : [])),
      );
      const extras = unite(
        recipes.flatMap((recipe) => (recipe.kind === "python" ? (recipe.extras ?? []) : [])),
      );
      return {
        ...first,
        ...(extras.length > 0 && { extras }),
        ...(companions.length > 0 && { with: companions }),
      };
    }
    case "cargo": {
      const features = unite(
        recipes.flatMap((recipe) => (recipe.kind === "cargo" ? (recipe.features ?? []) : [])),
      );
      return features.length === 0 ? first : { ...first, features };
    }
    default:
      return first;
  }
}

function unite(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compareText);
}

/** Of two versions of a companion the one of the later skill. */
function uniteCompanions<Companion extends { readonly package: string }>(
  lists: readonly (readonly Companion[] | undefined)[],
): Companion[] {
  const companions = lists.flatMap((list) => list ?? []);
  return [...new Map(companions.map((companion) => [companion.package, companion])).values()];
}
