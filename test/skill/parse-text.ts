import { parseSkill } from "../../src/skill/parse-skill.ts";
import type { Skill } from "../../src/skill/skill.ts";

/** The skill that a text in `/skills/example/SKILL.md` describes. */
export function parseText(source: string | Uint8Array): Skill {
  return parseSkill(source, { dir: "/skills/example", file: "/skills/example/SKILL.md" });
}

/** A file with a name, a description, the given further lines of its head, and a body. */
export function withHead(...lines: readonly string[]): string {
  return ["---", "name: example", "description: Does a thing.", ...lines, "---", "", "# Example", ""].join(
    "\n",
  );
}

/** Each diagnostic as `warning SKILL_TABS 4:1`. */
export function shown(skill: Skill): string[] {
  return skill.diagnostics.map(
    ({ severity, code, place }) => `${severity} ${code} ${place?.line}:${place?.column}`,
  );
}
