import type { SkillLibraries, WantedLibrary } from "./library.ts";
import type { Evidence } from "./recipe.ts";

/** One library that one skill wants, and which one that is. */
export interface LibraryClaim {
  readonly skill: SkillLibraries;
  readonly wanted: WantedLibrary;
  readonly identity: LibraryIdentity;
}

/** Which library is meant, whoever provides it. */
export interface LibraryIdentity {
  /** Equal for equal libraries of a language, by whatever name they are wanted. */
  readonly key: string;
  /** What programs import it as; null: not known. */
  readonly module: string | null;
  /** What the package index calls it; null: not known. */
  readonly distribution: string | null;
  /** Debian's package; null: it has none. */
  readonly debian: string | null;
  /** False where nothing but one name speaks for it: a person must confirm that. */
  readonly sure: boolean;
  readonly evidence: Evidence;
}

/** Which library is meant, or why that cannot be said. */
export type Identified = LibraryIdentity | { readonly failure: string };
