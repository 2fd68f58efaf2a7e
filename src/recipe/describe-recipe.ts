import type { LibraryRecipe, Recipe } from "./recipe.ts";

type Described = Pick<Recipe | LibraryRecipe, "kind" | "package"> & { readonly version?: string };

/** `Debian fd-find`, `npm mcporter@0.12.3`: a recipe in a few words. */
export function describeRecipe({ kind, package: name, version }: Described): string {
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
