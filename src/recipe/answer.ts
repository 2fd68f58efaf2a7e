import type { Provision } from "./ecosystem.ts";
import type { Evidence, Recipe, ResolutionStatus } from "./recipe.ts";

/** The answer for one command of one skill, before alternatives and other skills are looked at. */
export interface Answer {
  readonly status: Exclude<ResolutionStatus, "excluded">;
  readonly recipe: Recipe | null;
  readonly evidence: Evidence | null;
  readonly reason: string;
  /** What to do: for `unresolved` and `proposed`. */
  readonly hint: string;
  /** Why the recipe has no exact version although it should. */
  readonly unpinned: string | null;
  /** Megabytes that the recipe adds, where known. */
  readonly sizeMb: number | null;
}

/** What one kind of evidence says: an answer, or why it has none. */
export type Finding = { readonly answer: Answer } | { readonly tried: readonly string[] };

/** The image has it already. */
export function present(detail: string): Answer {
  const evidence: Evidence = { source: "image", detail };
  return { ...noRecipe, status: "present", evidence, reason: detail, hint: "" };
}

/** Nothing provides it, and why. */
export function unresolved(reason: string, hint: string): Answer {
  return { ...noRecipe, status: "unresolved", evidence: null, reason, hint };
}

const noRecipe = { recipe: null, unpinned: null, sizeMb: null };

/** An answer with a recipe that is taken. */
export function resolved(
  provision: Exclude<Provision, { failure: string }>,
  evidence: Evidence,
  reason: string,
): Answer {
  const { recipe, unpinned = null, sizeMb = null } = provision;
  return { status: "resolved", recipe, evidence, reason, hint: "", unpinned, sizeMb };
}

/** An answer with a recipe that a person must confirm. */
export function proposed(recipe: Recipe, evidence: Evidence, bin: string, reason: string): Answer {
  const hint = `If that is the one, confirm it with --accept ${bin}; if not, name the right package in skillcrate.json5 or in an install entry`;
  return { status: "proposed", recipe, evidence, reason, hint, unpinned: null, sizeMb: null };
}
