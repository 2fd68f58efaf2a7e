import { bareFields } from "../../src/skill/bare-fields.ts";
import type { Skill } from "../../src/skill/skill.ts";

/** A skill that asks for nothing, but for what a test gives it. Key and file follow the name unless given. */
export function plainSkill(parts: Partial<Skill> = {}): Skill {
  const name = parts.name ?? "plain";
  const dir = parts.dir ?? `/skills/${name}`;
  const file = `${dir}/SKILL.md`;
  const nothing = { diagnostics: [], textFindings: [], places: {} };
  return { ...bareFields(name), dir, file, state: "ok", ...nothing, ...parts };
}
