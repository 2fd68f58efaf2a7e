import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Skill } from "../skill/skill.ts";
import type { Resolution, ResolveResult } from "./recipe.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { resolveSkill } from "./resolve-skill.ts";
import { settleConflicts } from "./settle-conflicts.ts";

/**
 * Says for every command that the skills require what provides it on Linux, on which evidence, or why nothing does.
 * Invalid skills and those of other systems have rows too, as excluded. The same input gives the same result, whatever
 * the order of the skills.
 */
export function resolveRequirements(skills: readonly Skill[], context: ResolveContext): ResolveResult {
  const results = [...skills].sort(bySkill).map((skill) => resolveSkill(skill, context));
  const rows = results.flatMap(({ resolutions }) => resolutions).sort(byRow);
  const { resolutions, diagnostics } = settleConflicts(rows);
  return {
    resolutions,
    diagnostics: [...results.flatMap((result) => result.diagnostics), ...diagnostics].sort(byPlace),
  };
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
