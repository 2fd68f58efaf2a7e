import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeRecipe } from "./describe-recipe.ts";
import type { LibraryName, WantedLibrary } from "./library.ts";
import type { LibraryClaim } from "./library-claim.ts";
import type { Evidence, LibraryRecipe } from "./recipe.ts";

/** The answer for one library of one skill. */
export interface LibraryAnswer {
  readonly status: "resolved" | "proposed" | "unresolved" | "excluded";
  readonly recipe: LibraryRecipe | null;
  readonly promise: LibraryName | null;
  readonly evidence: Evidence | null;
  readonly reason: string;
  /** What to do, where something is to be done. */
  readonly hint: string;
  /** Why the recipe has no exact version; null where it has, or a lock will pin it. */
  readonly unpinned: string | null;
  /** Whose version the image has in place of the one that is asked for. */
  readonly conflict: LibraryClaim | null;
}

export function resolvedLibrary(
  { wanted, identity }: LibraryClaim,
  recipe: LibraryRecipe,
  reason: string,
  unpinned: string | null = null,
): LibraryAnswer {
  const { language } = wanted;
  const { module, evidence } = identity;
  const promise: LibraryName =
    module === null
      ? { language, naming: "package", name: recipe.package }
      : { language, naming: "module", name: module };
  return { ...noAnswer, status: "resolved", recipe, promise, evidence, reason, unpinned };
}

/** An answer that a person must confirm. */
export function proposedLibrary(
  { wanted, identity }: LibraryClaim,
  recipe: LibraryRecipe,
  doubt: string,
): LibraryAnswer {
  return {
    ...noAnswer,
    status: "proposed",
    recipe,
    evidence: identity.evidence,
    reason: `likely ${describeRecipe(recipe)}, but ${doubt}`,
    hint: `If that is the one, confirm it with --accept ${wanted.name}; if not, name the right package in the overlay`,
  };
}

export function unresolvedLibrary(reason: string, hint: string): LibraryAnswer {
  return { ...noAnswer, status: "unresolved", reason, hint };
}

/** The skill it belongs to can have nothing. */
export function excludedLibrary(reason: string): LibraryAnswer {
  return { ...noAnswer, status: "excluded", reason };
}

/** Another skill's version is in the image, and this one's cannot be there too. */
export function contradictedLibrary(winner: LibraryClaim, recipe: LibraryRecipe): LibraryAnswer {
  return {
    ...noAnswer,
    status: "unresolved",
    reason: `this image has ${describeRecipe(recipe)}, as the skill ${winner.skill.skill} asks for it`,
    hint: "Make the two agree on a version, or build the skills into images of their own",
    conflict: winner,
  };
}

/** How a user says what a library comes from. */
export function nameInOverlay({ language, name }: WantedLibrary): string {
  return language === "node"
    ? "Name a package of the npm registry in the skill's package.json or in the overlay, under node"
    : `Name its package in the skill's requirements.txt, or in the overlay: python: [{ import: ${quoteValue(name)}, package: … }]`;
}

const noAnswer = {
  recipe: null,
  promise: null,
  evidence: null,
  hint: "",
  unpinned: null,
  conflict: null,
} satisfies Partial<LibraryAnswer>;
