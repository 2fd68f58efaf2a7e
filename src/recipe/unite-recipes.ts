import { compareText } from "../diagnostic/compare-text.ts";
import type { Companion, Recipe } from "./recipe.ts";
import { companionsOf, uniteCompanions } from "./unite-companions.ts";

/**
 * A recipe with what any of several for the same program at the same version asks for: extras, features, companions; of
 * companions only what goes together.
 */
export function uniteRecipes(recipes: readonly Recipe[], first: Recipe): Recipe {
  switch (first.kind) {
    case "apt": {
      const companions = unite(
        recipes.flatMap((recipe) => (recipe.kind === "apt" ? (recipe.with ?? []) : [])),
      );
      return companions.length === 0 ? first : { ...first, with: companions };
    }
    case "npm": {
      const companions = allCompanions(recipes, first);
      return companions.length === 0 ? first : { ...first, with: companions };
    }
    case "python": {
      const companions = allCompanions(recipes, first);
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

function allCompanions(recipes: readonly Recipe[], { kind }: Recipe): readonly Companion[] {
  return recipes.reduce<readonly Companion[]>((before, recipe) => {
    const united = uniteCompanions(kind, before, companionsOf(recipe));
    return "clash" in united ? before : united.companions;
  }, []);
}
