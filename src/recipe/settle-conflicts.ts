import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeRecipe } from "./describe-recipe.ts";
import { ecosystems } from "./ecosystem.ts";
import type { EvidenceSource, Recipe, Resolution, ResolveResult } from "./recipe.ts";

/**
 * One image has one program for each command. Where skills mean different ones, the best founded is taken for all, and
 * every skill that gets another program than it meant is told, with both places.
 */
export function settleConflicts(resolutions: readonly Resolution[]): ResolveResult {
  const winners = new Map<string, Winner>();
  for (const resolution of resolutions) {
    if (!isResolved(resolution)) continue;
    const winner = winners.get(resolution.bin);
    if (winner === undefined || compareFooting(resolution, winner) < 0)
      winners.set(resolution.bin, resolution);
  }
  const diagnostics: Diagnostic[] = [];
  const settled = resolutions.map((resolution) => {
    const winner = winners.get(resolution.bin);
    if (winner === undefined || !isResolved(resolution) || identity(winner) === identity(resolution))
      return resolution;
    diagnostics.push(conflict(resolution, winner));
    const reason = `${describeRecipe(winner.recipe)}, as the skill ${quoteValue(winner.skill)} means it; this one means ${describeRecipe(resolution.recipe)}`;
    return { ...resolution, recipe: winner.recipe, evidence: winner.evidence, reason };
  });
  return { resolutions: settled, diagnostics };
}

type Winner = Resolution & { readonly recipe: Recipe };

function isResolved(resolution: Resolution): resolution is Winner {
  return resolution.status === "resolved" && resolution.recipe !== null;
}

/** Which program, at which version, under which name. */
function identity({ recipe, bin }: Winner): string {
  const links = recipe.kind === "apt" || recipe.kind === "npm" ? recipe.links : undefined;
  const link = links !== undefined && Object.hasOwn(links, bin) ? links[bin] : undefined;
  return JSON.stringify([recipe.kind, recipe.package, recipe.version ?? "", link ?? ""]);
}

/**
 * The catalog stands above install entries here: otherwise one skill could put a program of its own in the place of a
 * well-known one for all the others.
 */
const footing: readonly EvidenceSource[] = ["image", "overlay", "catalog", "install", "index"];

function compareFooting(left: Winner, right: Winner): number {
  return (
    footingOf(left) - footingOf(right) ||
    kindRank(left.recipe) - kindRank(right.recipe) ||
    Number(left.recipe.version === undefined) - Number(right.recipe.version === undefined) ||
    compareText(identity(left), identity(right)) ||
    compareText(left.skill, right.skill) ||
    compareText(left.dir, right.dir)
  );
}

function footingOf({ evidence }: Winner): number {
  return evidence === null ? footing.length : footing.indexOf(evidence.source);
}

function kindRank({ kind }: Recipe): number {
  return ecosystems.findIndex((ecosystem) => ecosystem.kind === kind);
}

function conflict(loser: Winner, winner: Winner): Diagnostic {
  const { bin } = loser;
  return {
    code: "RECIPE_CONFLICT",
    severity: "warning",
    message: `${quoteValue(bin)} is ${describeRecipe(winner.recipe)} in this image (${showPlace(winner.place)}), and not ${describeRecipe(loser.recipe)}.`,
    hint: `Make the install entries of ${quoteValue(loser.skill)} and ${quoteValue(winner.skill)} agree, or build them into images of their own.`,
    ...(loser.place !== undefined && { place: loser.place }),
  };
}

function showPlace(place: Place | undefined): string {
  return place === undefined ? "another skill" : quoteValue(`${place.file}:${place.line}:${place.column}`);
}
