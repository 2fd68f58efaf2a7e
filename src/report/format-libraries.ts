import { escapeText } from "../diagnostic/quote-value.ts";
import { describeRecipe } from "../recipe/describe-recipe.ts";
import type { LibraryResolution } from "../recipe/library.ts";
import { statusPaints } from "./format-resolutions.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** A row for each library of each skill: its status, what provides it, and why. */
export function formatLibraries(libraries: readonly LibraryResolution[], style: Style): string {
  const paints = statusPaints(style);
  return formatTable(
    [
      { title: "skill" },
      { title: "library" },
      { title: "language" },
      { title: "status" },
      { title: "from" },
      { title: "why", flexible: true },
    ],
    libraries.map(({ skill, library, language, status, recipe, reason }) => [
      escapeText(skill),
      { text: escapeText(library), paint: style.bold },
      language,
      { text: status, paint: paints[status] },
      recipe === null ? "-" : escapeText(describeRecipe(recipe)),
      { text: escapeText(reason), paint: style.dim },
    ]),
    style,
  );
}
