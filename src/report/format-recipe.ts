import { escapeText } from "../diagnostic/quote-value.ts";
import type { Recipe } from "../recipe/recipe.ts";

/** A recipe in a few words, as layers are titled: `apt ffmpeg`, `npm mcporter@0.7.3`. */
export function formatRecipe(recipe: Recipe): string {
  const version = recipe.version === undefined ? "" : `@${recipe.version}`;
  return escapeText(`${recipe.kind} ${recipe.package}${version}`);
}
