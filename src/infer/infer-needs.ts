import type { Skill } from "../skill/skill.ts";
import type { InferResult, SkillFile } from "./inferred.ts";

/** What is read of a skill. */
export type InferableSkill = Pick<Skill, "dir" | "file" | "requires" | "install">;

export interface InferOptions {
  /** Commands that every image has and that are no need worth naming. */
  readonly hasBin?: (bin: string) => boolean;
}

/**
 * What a skill's files use although its head does not say so: commands, Python modules and packages, Node packages.
 * Commands that the head requires are left out. Nothing is run; the same files give the same result, in any order.
 */
export function inferNeeds(
  _skill: InferableSkill,
  _files: readonly SkillFile[],
  _options: InferOptions = {},
): InferResult {
  return { needs: [], diagnostics: [] };
}
