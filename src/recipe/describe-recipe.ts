import type { LibraryRecipe, Recipe } from "./recipe.ts";

/** `Debian fd-find`, `npm mcporter@0.12.3`: a recipe in a few words. */
export function describeRecipe({ kind, package: name, version }: Recipe | LibraryRecipe): string {
  return `${labels[kind]} ${name}${version === undefined ? "" : `@${version}`}`;
}

const labels: Readonly<Record<(Recipe | LibraryRecipe)["kind"], string>> = {
  apt: "Debian",
  npm: "npm",
  python: "Python",
  node: "Node.js,",
  go: "Go",
  cargo: "crate",
  download: "download",
  brew: "Homebrew",
  "python-library": "Python",
  "node-library": "npm",
};
