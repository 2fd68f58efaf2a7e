import type { Place } from "../diagnostic/diagnostic.ts";
import { escapeText } from "../diagnostic/quote-value.ts";
import type { Confidence, Inferred } from "../infer/inferred.ts";
import { describeRecipe } from "../recipe/describe-recipe.ts";
import type { LibraryRecipe, Recipe, ResolutionStatus } from "../recipe/recipe.ts";
import { formatCount } from "./format-count.ts";
import { formatPlace } from "./format-place.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** What is shown of something that a skill uses and does not declare. */
export interface ShownNeed {
  readonly skill: string;
  readonly kind: Inferred["kind"];
  readonly name: string;
  readonly versionRange: string | null;
  readonly confidence: Confidence;
  readonly evidence: string;
  readonly place: Place;
  readonly status: ResolutionStatus;
  readonly recipe: Recipe | LibraryRecipe | null;
  readonly reason: string;
}

export interface InferredSummary {
  /** How many were written into the overlay, and where that is. */
  readonly accepted: number;
  readonly written: string;
  readonly cwd: string;
}

/** A row for each need that the base image does not meet already, and what they come to. */
export function formatInferred(
  needs: readonly ShownNeed[],
  { accepted, written, cwd }: InferredSummary,
  style: Style,
): string {
  const present = needs.filter(({ status }) => status === "present");
  const shown = needs.filter(({ status }) => status !== "present");
  const summary = [
    formatCount(shown.length, "undeclared need"),
    ...(present.length > 0 ? [`${present.length} more in every image`] : []),
    ...(accepted > 0 ? [`${accepted} written to ${written}`] : []),
  ].join(", ");
  return shown.length === 0 ? summary : `${formatNeeds(shown, cwd, style)}\n\n${summary}`;
}

function formatNeeds(needs: readonly ShownNeed[], cwd: string, style: Style): string {
  const paints: Readonly<Record<ResolutionStatus, (text: string) => string>> = {
    resolved: style.green,
    present: style.green,
    proposed: style.yellow,
    unresolved: style.red,
    excluded: style.dim,
  };
  return formatTable(
    [
      { title: "skill" },
      { title: "uses" },
      { title: "sure" },
      { title: "status" },
      { title: "from" },
      { title: "because", flexible: true },
    ],
    needs.map((need) => [
      escapeText(need.skill),
      { text: nameOf(need), paint: style.bold },
      need.confidence,
      { text: need.status, paint: paints[need.status] },
      need.recipe === null ? "-" : escapeText(describeRecipe(need.recipe)),
      { text: becauseOf(need, cwd), paint: style.dim },
    ]),
    style,
  );
}

function nameOf({ kind, name, versionRange }: ShownNeed): string {
  const language = kind === "bin" ? "" : `${kind} `;
  return escapeText(`${language}${name}${versionRange === null ? "" : ` ${versionRange}`}`);
}

function becauseOf({ evidence, place, status, reason }: ShownNeed, cwd: string): string {
  const why = status === "resolved" ? "" : `; ${escapeText(reason)}`;
  return `${evidence} (${formatPlace(place, cwd)})${why}`;
}
