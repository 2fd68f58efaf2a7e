import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import type { Evidence, LibraryRecipe, ResolutionStatus } from "./recipe.ts";

export const libraryLanguages = ["python", "node"] as const;
export type LibraryLanguage = (typeof libraryLanguages)[number];

/**
 * What kind of name a library goes by. `module`: what an `import` of Python says (`yaml`). `package`: what its index
 * calls it (`PyYAML`); for Node the two are one.
 */
export const libraryNamings = ["module", "package"] as const;
export type LibraryNaming = (typeof libraryNamings)[number];

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
  /** What the package index calls it, where the user says so. */
  readonly package?: string;
  /** One line for people: what says so, without the place. */
  readonly because: string;
  readonly place: Place;
  /**
   * The user's own word: a skill whose declared library cannot be had is left out. Others were found in a skill's files
   * or in its installers, and the skill stays without them.
   */
  readonly declared: boolean;
}

/** The libraries that one skill wants. */
export interface SkillLibraries {
  readonly skill: string;
  /** The skill's folder. */
  readonly dir: string;
  /** Why the skill can have none of them; null: it can. */
  readonly exclusion: string | null;
  /** It is not in the image for other reasons, and has no say in which versions are. */
  readonly apart?: boolean;
  readonly wanted: readonly WantedLibrary[];
  /** Packages that its install entries name, from which a module may come. */
  readonly named?: readonly WantedLibrary[];
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
  /** The name by which a built image is asked for it: what it is imported as, where that is known. */
  readonly promise: LibraryName | null;
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
