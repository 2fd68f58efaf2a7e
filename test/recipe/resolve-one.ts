import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import type { Resolution } from "../../src/recipe/recipe.ts";
import type { ResolveContext } from "../../src/recipe/resolve-context.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import type { InstallKind, InstallSpec, Skill, SkillRequires } from "../../src/skill/skill.ts";
import { plainSkill } from "../support/plain-skill.ts";

export const emptyContext: ResolveContext = { platform: "linux/amd64", below: new Map() };

/** What a skill requires, with the lists that a test does not care about left empty. */
export function requires(parts: Partial<SkillRequires>): SkillRequires {
  return { bins: [], anyBins: [], env: [], config: [], ...parts };
}

/** An install entry of a kind that can be used, at line 9. */
export function installEntry(kind: InstallKind, parts: Partial<InstallSpec> = {}): InstallSpec {
  return {
    kind,
    declaredKind: kind,
    bins: [],
    os: [],
    packages: [],
    place: { file: "/skills/plain/SKILL.md", line: 9, column: 7 },
    ...parts,
  };
}

/** A skill that requires these commands, all of them, and has these install entries. */
export function skillWith(
  bins: readonly string[],
  install: readonly InstallSpec[] = [],
  parts: Partial<Skill> = {},
): Skill {
  return plainSkill({ requires: requires({ bins }), install, ...parts });
}

export interface OneResult {
  readonly row: Resolution;
  readonly diagnostics: readonly Diagnostic[];
}

/** The one row of a skill that requires one command. */
export function resolveOne(skill: Skill, context: Partial<ResolveContext> = {}): OneResult {
  const { resolutions, diagnostics } = resolveRequirements([skill], { ...emptyContext, ...context });
  const [row] = resolutions;
  if (row === undefined || resolutions.length !== 1)
    throw new Error(`${resolutions.length} rows, one was expected`);
  return { row, diagnostics };
}

/** Codes with severities, as `error RECIPE_UNRESOLVED`. */
export function codesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ severity, code }) => `${severity} ${code}`);
}
