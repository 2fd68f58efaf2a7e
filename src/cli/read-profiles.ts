import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { ImageProfile } from "../recipe/overlay.ts";
import { selectByPatterns } from "../skill/select-by-patterns.ts";
import type { Skill } from "../skill/skill.ts";
import {
  type ReadSkillFoldersResult,
  readSkillFolders,
  unusableArgumentCodes,
} from "../source/read-skill-folders.ts";
import type { Surroundings } from "./command.ts";

/** A skills image that is wanted, with its skills. */
export interface SkillsProfile {
  readonly name: string;
  readonly base: "base" | "common";
  readonly skills: readonly Skill[];
}

export interface ReadProfilesResult {
  readonly profiles: readonly SkillsProfile[];
  /** Of what has no skill to belong to. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the skills of the overlay's images, each folder once. Throws `INPUT_INVALID` with a diagnostic for each folder
 * that gives no skill.
 */
export async function readProfiles(
  images: readonly ImageProfile[],
  { signal }: Pick<Surroundings, "signal">,
): Promise<ReadProfilesResult> {
  const folders = new Map<string, ReadSkillFoldersResult>();
  for (const { from } of images) {
    if (!folders.has(from)) folders.set(from, await readSkillFolders([from], { signal }));
  }
  refuseUnusable(images, folders);
  const selections = images.map((image) => {
    const skills = folders.get(image.from)?.skills ?? [];
    return { image, ...selectByPatterns(skills, image.skills) };
  });
  return {
    profiles: selections.map(({ image: { name, base }, selected }) => ({ name, base, skills: selected })),
    diagnostics: [
      ...[...folders.values()].flatMap(({ diagnostics }) => diagnostics),
      ...selections.flatMap(({ image, unused }) => unused.map((pattern) => unusedPattern(image, pattern))),
    ],
  };
}

function refuseUnusable(
  images: readonly ImageProfile[],
  folders: ReadonlyMap<string, ReadSkillFoldersResult>,
): void {
  const problems = images.flatMap(({ from, place }) =>
    (folders.get(from)?.diagnostics ?? [])
      .filter(({ code }) => unusableArgumentCodes.has(code))
      .map((diagnostic): Diagnostic => ({ ...diagnostic, place })),
  );
  if (problems.length === 0) return;
  throw new SkillcrateError("INPUT_INVALID", "Not every image of the overlay has skills.", {
    hint: 'Correct "from" in these images.',
    diagnostics: problems,
  });
}

function unusedPattern({ name, from, place }: ImageProfile, pattern: string): Diagnostic {
  return {
    code: "OVERLAY_UNUSED",
    severity: "warning",
    message: `${quoteValue(pattern)} in the image ${quoteValue(name)} fits no skill in ${quoteValue(from)}.`,
    hint: "Skills go by the name in their SKILL.md; skillcrate scan shows it.",
    place,
  };
}
