import { hash } from "node:crypto";
import type { Generation, GenerationSkill } from "./mirror-request.ts";
import type { ResolvedSkill } from "./resolve-skill.ts";

/** What a set of skills is called: equal skills, in equal folders, have an equal id. */
export function describeGeneration(skills: readonly ResolvedSkill[]): Generation {
  const described = skills.map(
    ({ name, folder, source, sha256, files, bytes }): GenerationSkill => ({
      name,
      folder,
      source,
      sha256,
      files,
      bytes,
    }),
  );
  const identity = described.map(({ name, folder, source, sha256 }) => [name, folder, source, sha256]);
  return {
    id: hash("sha256", JSON.stringify(["skillcrate/generation@1", identity]), "hex").slice(0, 32),
    skills: described,
  };
}
