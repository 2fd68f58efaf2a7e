import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import type { WantedLibrary } from "./library.ts";

/** What a skill's files use for certain although its head does not say so. */
export interface SkillNeeds {
  readonly bins: readonly NeededBin[];
  readonly libraries: readonly WantedLibrary[];
  /** Errors in how its files name dependencies; one of them refuses the whole skill. */
  readonly refusals: readonly Diagnostic[];
}

export interface NeededBin {
  readonly name: string;
  /** One line for people: what says so, without the place. */
  readonly because: string;
  readonly place: Place;
}
