import { statSync } from "node:fs";
import { resolve } from "node:path";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import {
  type ReadSkillFoldersResult,
  readSkillFolders,
  unusableArgumentCodes,
} from "../source/read-skill-folders.ts";
import type { Surroundings } from "./command.ts";

/**
 * Reads the skills that a command's PATHS name, `./skills` where there are none. Throws `USAGE` where that is missing
 * too, and `INPUT_INVALID` with a diagnostic for each path that gives no skill.
 */
export async function readSkills(
  paths: readonly string[],
  { cwd, signal }: Surroundings,
): Promise<ReadSkillFoldersResult> {
  const read = await readSkillFolders(paths.length > 0 ? paths : [defaultPath(cwd)], { cwd, signal });
  const unusable = read.diagnostics.filter((diagnostic) => unusableArgumentCodes.has(diagnostic.code));
  if (unusable.length === 0) return read;
  throw new SkillcrateError("INPUT_INVALID", "Not every path gives skills.", {
    hint: "Correct these paths, or leave them out.",
    diagnostics: read.diagnostics,
  });
}

function defaultPath(cwd: string): string {
  const path = resolve(cwd, "skills");
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path;
  throw new SkillcrateError("USAGE", "No skills were named, and there is no folder ./skills.", {
    hint: "Name skill folders, or folders of skills: skillcrate scan PATHS...",
  });
}
