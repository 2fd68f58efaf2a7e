import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { nameOf, type Rival, wishOf } from "./rival.ts";

export function conflict(loser: Rival, winner: Rival): Diagnostic {
  return {
    code: "RECIPE_CONFLICT",
    severity: "warning",
    message: `${quoteValue(loser.bin)} is ${nameOf(winner)} in this image (${showPlace(winner.place)}), and not ${nameOf(loser)}.`,
    hint: `Make the install entries of ${quoteValue(loser.skill)} and ${quoteValue(winner.skill)} agree, or build them into images of their own.`,
    ...(loser.place !== undefined && { place: loser.place }),
  };
}

export function shared(row: Rival, winner: Rival): Diagnostic {
  const place = row.evidence?.place ?? row.place;
  const there = showPlace(winner.evidence?.place ?? winner.place);
  return {
    code: "RECIPE_VERSION_SHARED",
    severity: "info",
    message: `${quoteValue(row.bin)} is ${nameOf(winner)} in this image: that suits ${quoteValue(row.skill)}, which asks for ${wishOf(row)}, and ${quoteValue(winner.skill)} (${there}).`,
    hint: `To have another version name it in the overlay, under "bins".`,
    ...(place !== undefined && { place }),
  };
}

export function versionConflict(loser: Rival, winner: Rival): Diagnostic {
  const place = loser.evidence?.place ?? loser.place;
  const there = showPlace(winner.evidence?.place ?? winner.place);
  return {
    code: "RECIPE_VERSION_CONFLICT",
    severity: "error",
    message: `${quoteValue(loser.bin)} cannot be ${wishOf(loser)} in an image where it is ${nameOf(winner)} (${there}).`,
    hint: `Say in the overlay which version is right for both, under "bins", or build ${quoteValue(loser.skill)} and ${quoteValue(winner.skill)} into images of their own.`,
    ...(place !== undefined && { place }),
  };
}

export function companionConflict(loser: Rival, other: Rival, both: string): Diagnostic {
  const place = loser.evidence?.place ?? loser.place;
  const there = showPlace(other.evidence?.place ?? other.place);
  return {
    code: "RECIPE_VERSION_CONFLICT",
    severity: "error",
    message: `${quoteValue(loser.bin)} cannot have ${both} (${there}).`,
    hint: `Let the install entries of ${quoteValue(loser.skill)} and ${quoteValue(other.skill)} agree, or build them into images of their own.`,
    ...(place !== undefined && { place }),
  };
}

function showPlace(place: Place | undefined): string {
  return place === undefined ? "another skill" : quoteValue(`${place.file}:${place.line}:${place.column}`);
}
