import { compareText } from "../diagnostic/compare-text.ts";
import type { LibraryRecipe, Recipe } from "../recipe/recipe.ts";
import type { Requester } from "./image-plan.ts";

type AnyRecipe = Recipe | LibraryRecipe;

/** A recipe that an image carries out, with everyone who asked for one of its commands, or for the library. */
export interface Demand<Kind extends AnyRecipe = AnyRecipe> {
  readonly recipe: Kind;
  readonly requestedBy: readonly Requester[];
  /** May be left out where its registry cannot be reached. */
  readonly optional?: boolean;
}

/** The demands for recipes of one kind. */
export function demandsOf<Kind extends AnyRecipe["kind"]>(
  demands: readonly Demand[],
  kind: Kind,
): Demand<Extract<AnyRecipe, { kind: Kind }>>[] {
  return demands.filter(
    (demand): demand is Demand<Extract<AnyRecipe, { kind: Kind }>> => demand.recipe.kind === kind,
  );
}

/** Sorted by skill, command, library and place, each once. */
export function sortRequesters(requesters: Iterable<Requester>): Requester[] {
  const byKey = new Map([...requesters].map((requester) => [keyOf(requester), requester]));
  return [...byKey].sort(([left], [right]) => compareText(left, right)).map(([, requester]) => requester);
}

/** The commands that were asked for, sorted, each once. */
export function requestedBins(requesters: readonly Requester[]): string[] {
  return [...new Set(requesters.map((requester) => requester.bin))].sort(compareText);
}

function keyOf({ skill, bin, library, place }: Requester): string {
  const asked = library === undefined ? [] : [library.language, library.naming, library.name];
  const at = place === undefined ? [] : [place.file, padded(place.line), padded(place.column)];
  return [skill, bin, ...asked, ...at].join("\0");
}

function padded(count: number): string {
  return String(count).padStart(10, "0");
}
