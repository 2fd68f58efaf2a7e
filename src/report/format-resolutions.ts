import { escapeText } from "../diagnostic/quote-value.ts";
import { describeRecipe } from "../recipe/describe-recipe.ts";
import type { Resolution, ResolutionStatus } from "../recipe/recipe.ts";

import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** A row for each binary of each skill: its status, what provides it, and why. */
export function formatResolutions(resolutions: readonly Resolution[], style: Style): string {
  const paints = statusPaints(style);
  return formatTable(
    [
      { title: "skill" },
      { title: "binary" },
      { title: "status" },
      { title: "from" },
      { title: "why", flexible: true },
    ],
    resolutions.map((resolution) => [
      escapeText(resolution.skill),
      { text: escapeText(resolution.bin), paint: style.bold },
      { text: resolution.status, paint: paints[resolution.status] },
      resolution.recipe === null ? "-" : escapeText(describeRecipe(resolution.recipe)),
      { text: escapeText(resolution.reason), paint: style.dim },
    ]),
    style,
  );
}

export function statusPaints(style: Style): Record<ResolutionStatus, (text: string) => string> {
  return {
    resolved: style.green,
    present: style.green,
    proposed: style.yellow,
    unresolved: style.red,
    excluded: style.dim,
  };
}
