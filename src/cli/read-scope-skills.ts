import { type ChosenSkills, chooseSkills } from "../sandbox/choose-skills.ts";
import type { Scope } from "../sandbox/scope.ts";
import type { SecretSkill } from "../sandbox/secrets/secret-skill.ts";
import type { Surroundings } from "./command.ts";
import type { secretListOptions } from "./command-options.ts";
import type { Sandboxes } from "./locate-sandboxes.ts";
import { locateSkillSources } from "./locate-skill-sources.ts";
import type { OptionValues } from "./option.ts";

export interface ScopeSkills extends Pick<ChosenSkills, "diagnostics"> {
  readonly skills: readonly SecretSkill[];
}

/**
 * The skills that a scope's sandbox may have: those that are turned on and that the agent's list holds. What they
 * require of an image is not judged, since an image is not known here.
 */
export async function readScopeSkills(
  scope: Scope,
  sandboxes: Sandboxes,
  options: OptionValues<typeof secretListOptions>,
  surroundings: Surroundings,
): Promise<ScopeSkills> {
  const { sources, names } = locateSkillSources(scope, sandboxes, options, surroundings);
  const chosen = await chooseSkills(sources, { names, facts: null }, surroundings.signal);
  return { skills: chosen.skills.map(({ skill }) => skill), diagnostics: chosen.diagnostics };
}
