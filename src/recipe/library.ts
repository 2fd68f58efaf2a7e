import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import type { Evidence, LibraryRecipe, ResolutionStatus } from "./recipe.ts";

export const libraryLanguages = ["python", "node"] as const;
export type LibraryLanguage = (typeof libraryLanguages)[number];

/**
 * What kind of name a library goes by. `module`: what an `import` of Python says (`yaml`). `package`: what its index
 * calls it (`PyYAML`); for Node the two are one.
 */
export type LibraryNaming = "module" | "package";

export interface LibraryName {
  readonly language: LibraryLanguage;
  readonly naming: LibraryNaming;
  readonly name: string;
}

/** A library that a skill needs, as whoever found that out names it. */
export interface WantedLibrary extends LibraryName {
  /** Version specifiers of Python packaging, or of semver. */
  readonly range?: string;
  readonly extras?: readonly string[];
  /** One line for people: what says so, without the place. */
  readonly because: string;
  readonly place: Place;
  /**
   * Said by the skill's head or by the overlay: a skill whose declared library cannot be had is left out. Others were
   * found in its files, and the skill stays without them.
   */
  readonly declared: boolean;
}

/** The answer for one library of one skill. */
export interface LibraryResolution {
  readonly skill: string;
  /** The skill's folder: names repeat, folders do not. */
  readonly dir: string;
  readonly language: LibraryLanguage;
  readonly naming: LibraryNaming;
  /** The name that it was wanted by. */
  readonly library: string;
  readonly declared: boolean;
  readonly status: ResolutionStatus;
  readonly recipe: LibraryRecipe | null;
  readonly evidence: Evidence | null;
  /** One line for people: why this status. */
  readonly reason: string;
  /** Where the skill asks for it. */
  readonly place?: Place;
}

export interface LibraryResult {
  /** Sorted by skill, folder, language, library. */
  readonly libraries: readonly LibraryResolution[];
  readonly diagnostics: readonly Diagnostic[];
}
