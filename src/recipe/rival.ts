import { describeRecipe } from "./describe-recipe.ts";
import type { Recipe, Resolution } from "./recipe.ts";

/** A command of a skill with something that provides it, in want of agreement with others of the same name. */
export type Rival = Resolution & { readonly recipe: Recipe };

export function isRival(resolution: Resolution): resolution is Rival {
  return resolution.status === "resolved" && resolution.recipe !== null;
}

/** Only npm and pip are handed ranges; what cargo is not told decides nothing. */
export function askedRange({ recipe: { kind }, evidence }: Rival): string | null {
  return kind === "npm" || kind === "python" ? (evidence?.range ?? null) : null;
}

export function rangeOf({ recipe }: Rival): string {
  return (recipe.kind === "npm" || recipe.kind === "python" ? recipe.range : undefined) ?? "";
}

/** Of a download its content: the same address may be meant with two digests. */
export function versionOf({ recipe }: Rival): string {
  return (recipe.kind === "download" ? recipe.sha256 : recipe.version) ?? "";
}

/** What is taken. */
export function nameOf(row: Rival): string {
  const { recipe } = row;
  const version = recipe.version ?? rangeOf(row);
  const name = describeRecipe({ ...recipe, ...(version !== "" && { version }) });
  return recipe.kind === "download" && recipe.sha256 !== null ? `${name} (sha256 ${recipe.sha256})` : name;
}

/** What a skill asks for, which may be less exact than what it gets. */
export function wishOf(row: Rival): string {
  const { range } = row.evidence ?? {};
  return range === undefined ? nameOf(row) : describeRecipe({ ...row.recipe, version: range });
}
