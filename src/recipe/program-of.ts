import type { CatalogRow } from "./catalog/catalog-row.ts";
import { findRows } from "./catalog/find-rows.ts";
import type { DebianPackages } from "./debian-packages.ts";
import { upstreamVersion } from "./debian-upstream-version.ts";
import { canonicalName } from "./python.ts";
import type { Recipe } from "./recipe.ts";
import { type Rival, versionOf } from "./rival.ts";

/**
 * Which program, under which name. What its authors publish elsewhere is the same program, unless it comes with more than
 * its own package: then it is that environment which a skill means.
 */
export function programOf({ recipe, bin }: Pick<Rival, "recipe" | "bin">): string {
  const row = findRows(bin).find(
    (each) => isAnswer(each, recipe) || (isAlone(recipe) && publishes(each, recipe)),
  );
  if (row?.publishedAs !== undefined && "package" in row.answer) {
    return JSON.stringify([row.answer.kind, row.answer.package]);
  }
  const links = recipe.kind === "apt" || recipe.kind === "npm" ? recipe.links : undefined;
  const link = links !== undefined && Object.hasOwn(links, bin) ? links[bin] : undefined;
  return JSON.stringify([recipe.kind, recipe.package, link ?? ""]);
}

/** Whether the authors of a row's program publish it under this name. */
export function publishes(
  { publishedAs }: CatalogRow,
  { kind, package: name }: Pick<Recipe, "kind" | "package">,
): boolean {
  const published =
    kind === "npm" || kind === "python" || kind === "go" || kind === "cargo"
      ? publishedAs?.[kind]
      : undefined;
  return published !== undefined && (kind === "python" ? canonicalName(name) : name) === published;
}

/** The version that a recipe gives, as its authors count them; empty: that is not known. */
export function offeredVersion(row: Rival, debian: DebianPackages | undefined): string {
  if (row.recipe.kind !== "apt") return versionOf(row);
  const version = debian?.find(row.recipe.package)?.version;
  return version === undefined ? "" : upstreamVersion(version);
}

function isAnswer({ answer }: CatalogRow, { kind, package: name }: Recipe): boolean {
  return answer.kind === kind && "package" in answer && answer.package === name;
}

function isAlone(recipe: Recipe): boolean {
  switch (recipe.kind) {
    case "npm":
      return recipe.with === undefined;
    case "python":
      return recipe.with === undefined && recipe.extras === undefined;
    case "cargo":
      return recipe.features === undefined;
    default:
      return true;
  }
}
