import { compareText } from "../diagnostic/compare-text.ts";
import type { ExposedSkills } from "./mirror-skills-request.ts";

/** Names of skills, sorted. */
export interface SkillsDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

type Compared = Pick<ExposedSkills, "generation" | "skills">;

/** What is different for who reads the skills inside, or the list of them. Null where nothing is. */
export function diffSkills(before: Compared, after: Compared): SkillsDifference | null {
  const old = describeSkills(before);
  const now = describeSkills(after);
  const added = [...now.keys()].filter((name) => !old.has(name)).sort(compareText);
  const removed = [...old.keys()].filter((name) => !now.has(name)).sort(compareText);
  const changed = [...now]
    .filter(([name, description]) => old.has(name) && old.get(name) !== description)
    .map(([name]) => name)
    .sort(compareText);
  return added.length + removed.length + changed.length === 0 ? null : { added, removed, changed };
}

/** Of a skill that is seen where the agent keeps it, only what the list says: its files are no copies of ours. */
function describeSkills({ generation, skills }: Compared): ReadonlyMap<string, string> {
  const hashes = new Map(generation.skills.map(({ name, sha256 }) => [name, sha256]));
  return new Map(skills.map((skill) => [skill.name, JSON.stringify([skill, hashes.get(skill.name)])]));
}
