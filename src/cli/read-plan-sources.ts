import { basename, resolve } from "node:path";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { builtInImagesDir } from "../host/package-dir.ts";
import type { LoadedImageSpec } from "../plan/image-spec.ts";
import type { DebianTables } from "../recipe/debian-tables.ts";
import type { ImageProfile, Overlay } from "../recipe/overlay.ts";
import type { SkillNeeds } from "../recipe/skill-needs.ts";
import { readDebianIndex } from "../source/read-debian-index.ts";
import { readImageSpecs } from "../source/read-image-specs.ts";
import type { Surroundings } from "./command.ts";
import type { ImageChoice, PlanOptions } from "./command-options.ts";
import { type ReadProfilesResult, readProfiles, type SkillsProfile } from "./read-profiles.ts";
import { type ReadNeedsResult, readSkillNeeds } from "./read-skill-needs.ts";
import { readSkills } from "./read-skills.ts";
import type { UserOverlay } from "./read-user-overlay.ts";
import { unusedCorrections } from "./unused-corrections.ts";

/** What a plan is made from, read from the disk. */
export interface PlanSources {
  readonly wanted: readonly ImageChoice[];
  /** The skills images; empty where none is wanted. */
  readonly profiles: readonly SkillsProfile[];
  readonly specs: readonly LoadedImageSpec[];
  /** What is known of Debian, each table read when it is asked for. */
  readonly debian: DebianTables;
  readonly overlay: Overlay;
  /** What the skills' files use, by the skill's folder; empty where nobody wants to know. */
  readonly needs: ReadonlyMap<string, SkillNeeds>;
  /** Of what has no skill to belong to. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads skills and image definitions. Without PATHS the skills images are those of the overlay, if it has any. Throws as
 * {@link readSkills} and {@link readProfiles} do, and `USAGE` for PATHS that nothing uses.
 */
export async function readPlanSources(
  paths: readonly string[],
  options: Pick<PlanOptions, "name" | "only" | "noInfer">,
  surroundings: Surroundings,
  defaultWanted: readonly ImageChoice[],
  { overlay, diagnostics }: UserOverlay,
): Promise<PlanSources> {
  const wanted = options.only.length > 0 ? options.only : defaultWanted;
  const wantsSkills = wanted.includes("skills");
  if (!wantsSkills && paths.length > 0) throw uselessPaths();
  const read = wantsSkills ? await readWanted(paths, options.name, overlay, surroundings) : noProfiles;
  const skills = read.profiles.flatMap((profile) => profile.skills);
  const used = options.noInfer ? noNeeds : await readSkillNeeds(skills, surroundings.signal);
  // Only where nobody chose among the skills is a correction that fits none of them a mistake.
  const isWhole = wantsSkills && paths.length === 0 && options.name === null;
  const unused = isWhole ? unusedCorrections(overlay, skills) : [];
  const definitions = await readImageSpecs(builtInImagesDir());
  return {
    wanted,
    profiles: read.profiles,
    specs: definitions.specs,
    debian: readDebianIndex(),
    overlay,
    needs: used.needs,
    diagnostics: [
      ...diagnostics,
      ...read.diagnostics,
      ...unused,
      ...used.diagnostics,
      ...definitions.diagnostics,
    ],
  };
}

const noProfiles: ReadProfilesResult = { profiles: [], diagnostics: [] };

const noNeeds: ReadNeedsResult = { needs: new Map(), diagnostics: [] };

function uselessPaths(): SkillcrateError {
  return new SkillcrateError("USAGE", "Skills were named, but --only leaves the skills image out.", {
    hint: "Add skills to --only, or leave the paths out.",
  });
}

async function readWanted(
  paths: readonly string[],
  name: string | null,
  { images, file }: Overlay,
  surroundings: Surroundings,
): Promise<ReadProfilesResult> {
  if (paths.length === 0 && images.length > 0) {
    const chosen = name === null ? images : images.filter((image) => image.name === name);
    if (chosen.length === 0) throw unknownImage(name ?? "", images, file);
    return await readProfiles(chosen, surroundings);
  }
  const { skills, diagnostics } = await readSkills(paths, surroundings);
  const own = name ?? nameFromPath(paths[0] ?? "skills", surroundings.cwd);
  return { profiles: [{ name: own, base: "base", skills }], diagnostics };
}

function unknownImage(name: string, images: readonly ImageProfile[], file: string): SkillcrateError {
  return new SkillcrateError("USAGE", `The overlay ${quoteValue(file)} has no image ${quoteValue(name)}.`, {
    hint: `Its images: ${images.map((image) => image.name).join(" ")}. For another one name its skills' folders.`,
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
