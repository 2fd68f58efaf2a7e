import { basename, resolve } from "node:path";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { builtInImagesDir } from "../host/package-dir.ts";
import type { LoadedImageSpec } from "../plan/image-spec.ts";
import type { DebianTables } from "../recipe/debian-tables.ts";
import type { Skill } from "../skill/skill.ts";
import { readDebianIndex } from "../source/read-debian-index.ts";
import { readImageSpecs } from "../source/read-image-specs.ts";
import type { Surroundings } from "./command.ts";
import type { ImageChoice, PlanOptions } from "./command-options.ts";
import { readSkills } from "./read-skills.ts";

/** What a plan is made from, read from the disk. */
export interface PlanSources {
  readonly wanted: readonly ImageChoice[];
  /** Empty where no skills image is wanted. */
  readonly skills: readonly Skill[];
  /** Of the skills image. */
  readonly name: string;
  readonly specs: readonly LoadedImageSpec[];
  /** What is known of Debian, each table read when it is asked for. */
  readonly debian: DebianTables;
  /** Of what has no skill to belong to. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads skills and image definitions. Throws as {@link readSkills} does, and `USAGE` for PATHS that nothing uses. */
export async function readPlanSources(
  paths: readonly string[],
  options: Pick<PlanOptions, "name" | "only">,
  surroundings: Surroundings,
  defaultWanted: readonly ImageChoice[],
): Promise<PlanSources> {
  const wanted = options.only.length > 0 ? options.only : defaultWanted;
  const wantsSkills = wanted.includes("skills");
  if (!wantsSkills && paths.length > 0) throw uselessPaths();
  const { skills, diagnostics } = wantsSkills ? await readSkills(paths, surroundings) : noSkills;
  const definitions = await readImageSpecs(builtInImagesDir());
  return {
    wanted,
    skills,
    name: options.name ?? nameFromPath(paths[0] ?? "skills", surroundings.cwd),
    specs: definitions.specs,
    debian: readDebianIndex(),
    diagnostics: [...diagnostics, ...definitions.diagnostics],
  };
}

const noSkills = { skills: [], diagnostics: [] };

function uselessPaths(): SkillcrateError {
  return new SkillcrateError("USAGE", "Skills were named, but --only leaves the skills image out.", {
    hint: "Add skills to --only, or leave the paths out.",
  });
}

/** The folder's name as an image's: `~/My Skills` gives `my-skills`. */
function nameFromPath(path: string, cwd: string): string {
  const name = basename(resolve(cwd, path))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
  if (name !== "") return name;
  throw new SkillcrateError("USAGE", "The image needs a name, and the folder's cannot be used.", {
    hint: "Add --name and a name of lower-case letters, digits and dashes.",
  });
}
