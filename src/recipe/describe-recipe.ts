import type { Recipe, RecipeKind } from "./recipe.ts";

/** `Debian fd-find`, `npm mcporter@0.12.3`: a recipe in a few words. */
export function describeRecipe({ kind, package: name, version }: Recipe): string {
  return `${labels[kind]} ${name}${version === undefined ? "" : `@${version}`}`;
}

const labels: Readonly<Record<RecipeKind, string>> = {
  apt: "Debian",
  npm: "npm",
  python: "Python",
  node: "Node.js,",
  download: "download",
  brew: "Homebrew",
};
