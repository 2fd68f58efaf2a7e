import type { Skill } from "../../skill/skill.ts";

/** What a skill says of its environment; every `Skill` is one. */
export interface SecretSkill extends Pick<Skill, "name" | "skillKey"> {
  readonly primaryEnv?: string;
  readonly requires: { readonly env: readonly string[] };
}

/** The operator's word on one name and one skill. */
export interface SecretRule {
  readonly name: string;
  /** The skill's name. */
  readonly skill: string;
  readonly allow: boolean;
}
