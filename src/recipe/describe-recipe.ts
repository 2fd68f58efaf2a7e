import type { Recipe } from "./recipe.ts";

/** `Debian fd-find`, `npm mcporter@0.12.3`: a recipe in a few words. */
export function describeRecipe({ kind, package: name, version }: Recipe): string {
  const label = kind === "apt" ? "Debian" : kind === "node" ? "Node.js," : kind === "npm" ? "npm" : "Python";
  return `${label} ${name}${version === undefined ? "" : `@${version}`}`;
}
