import { describeRecipe } from "./describe-recipe.ts";
import type { LibraryRecipe, Recipe, RecipeKind } from "./recipe.ts";

/** What cannot be had here and now → why, in one line. */
export interface Unavailable {
  /** Ecosystems whose index does not answer. */
  readonly kinds: ReadonlyMap<RecipeKind, string>;
  /** Recipes whose build step fails, by {@link recipeKey}. */
  readonly recipes: ReadonlyMap<string, string>;
}

export const nothingUnavailable: Unavailable = { kinds: new Map(), recipes: new Map() };

/** What a build step tells recipes apart by. */
export interface KeyedRecipe {
  readonly kind: (Recipe | LibraryRecipe)["kind"];
  readonly package: string;
  readonly version?: string | null | undefined;
  readonly range?: string | undefined;
  /** Of a download. */
  readonly sha256?: string | null;
}

/** `npm left-pad 1.3.0`: what is installed, in the version that is asked for. */
export function recipeKey({ kind, package: name, version, range, sha256 }: KeyedRecipe): string {
  return [kind, name, version ?? range, sha256].filter((word) => word != null).join(" ");
}

/** Why a recipe cannot be carried out, where a build has shown that; null: as far as is known it can. */
export function whyUnavailable(
  recipe: Recipe | LibraryRecipe,
  { failedRecipes }: { readonly failedRecipes?: Unavailable["recipes"] },
): string | null {
  if (failedRecipes === undefined || failedRecipes.size === 0) return null;
  for (const each of partsOf(recipe)) {
    const reason = failedRecipes.get(recipeKey(each));
    if (reason !== undefined) return `${describeRecipe(recipe)} cannot be built: ${reason}`;
  }
  return null;
}

/** Debian's packages are installed together with others, and fail one by one. */
function partsOf(recipe: Recipe | LibraryRecipe): readonly KeyedRecipe[] {
  if (recipe.kind !== "apt") return [recipe];
  return [recipe, ...(recipe.with ?? []).map((name) => ({ kind: recipe.kind, package: name }))];
}
