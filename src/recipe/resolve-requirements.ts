import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Skill } from "../skill/skill.ts";
import { type AnsweredSkill, answerSkill, isComplete, isUsable } from "./answer-skill.ts";
import { type ChosenAlternative, chooseAlternative } from "./choose-alternative.ts";
import type { LibraryResolution } from "./library.ts";
import type { Resolution, ResolveResult } from "./recipe.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { resolveLibraries } from "./resolve-libraries.ts";
import { resolveSkill } from "./resolve-skill.ts";
import { settleConflicts } from "./settle-conflicts.ts";
import { type SizeTally, tallySizes } from "./tally-sizes.ts";

export interface ResolvedRequirements extends ResolveResult {
  /** Sorted by skill, folder, language and name. */
  readonly libraries: readonly LibraryResolution[];
}

/**
 * Says for every command and library that the skills require what provides it on Linux, on which evidence, or why nothing does.
 * Invalid skills and those of other systems have rows too, as excluded. The same input gives the same result, whatever
 * the order of the skills.
 */
export function resolveRequirements(skills: readonly Skill[], context: ResolveContext): ResolvedRequirements {
  const answered = [...skills].sort(bySkill).map((skill) => answerSkill(skill, context));
  const tally = tallySizes(context);
  for (const each of answered.filter(isComplete)) {
    addRecipes([...each.required, ...each.needed.keys()], each, tally);
  }
  const results = answered.map((each) => resolveSkill(each, chooseAndAdd(each, tally)));
  const rows = results.flatMap(({ resolutions }) => resolutions).sort(byRow);
  const complete = new Set(answered.filter(isComplete).map(({ skill }) => skill.dir));
  const { resolutions, diagnostics } = settleConflicts(rows, complete, context.debianPackages);
  const libraries = resolveLibraries(
    answered.map((each) => ({ ...each.libraries, apart: !isComplete(each) })),
    context,
  );
  return {
    resolutions,
    libraries: libraries.libraries,
    diagnostics: unique([
      ...results.flatMap((result) => result.diagnostics),
      ...diagnostics,
      ...libraries.diagnostics,
    ]).sort(byPlace),
  };
}

/** Whoever chooses later has what was chosen before for nothing. */
function chooseAndAdd(answered: AnsweredSkill, tally: SizeTally): ChosenAlternative | null {
  const chosen = chooseAlternative(answered, tally);
  if (chosen !== null && isComplete(answered)) addRecipes([chosen.bin], answered, tally);
  return chosen;
}

function addRecipes(bins: readonly string[], { answers }: AnsweredSkill, tally: SizeTally): void {
  for (const bin of bins) {
    const answer = answers.get(bin)?.answer;
    if (isUsable(answer) && answer?.recipe) tally.add(answer.recipe);
  }
}

/** An entry of the overlay counts for many skills, and is told of once. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

function bySkill(left: Skill, right: Skill): number {
  return compareText(left.name, right.name) || compareText(left.dir, right.dir);
}

function byRow(left: Resolution, right: Resolution): number {
  return (
    compareText(left.skill, right.skill) ||
    compareText(left.dir, right.dir) ||
    compareText(left.bin, right.bin)
  );
}

function byPlace(left: Diagnostic, right: Diagnostic): number {
  return (
    compareText(left.place?.file ?? "", right.place?.file ?? "") ||
    (left.place?.line ?? 0) - (right.place?.line ?? 0) ||
    (left.place?.column ?? 0) - (right.place?.column ?? 0) ||
    compareText(left.code, right.code) ||
    compareText(left.message, right.message)
  );
}
