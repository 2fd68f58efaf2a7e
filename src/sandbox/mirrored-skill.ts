import { basename, relative, sep } from "node:path";
import { join as joinInside } from "node:path/posix";
import type { GenerationSkill } from "../mirror/mirror-request.ts";
import type { SourcedSkill, SourceKind } from "../skill/merge-sources.ts";
import type { ChosenSkills } from "./choose-skills.ts";
import { renderBaseDir } from "./render-base-dir.ts";
import { insidePaths, type WorkspaceAccess } from "./sandbox-mount.ts";
import { skillListCharacters } from "./skill-list.ts";

/** A skill that a sandbox can read. No path of the host is in it. */
export interface MirroredSkill {
  readonly name: string;
  /** `{baseDir}` rendered. */
  readonly description: string;
  /** Its SKILL.md, absolute, as seen inside. */
  readonly location: string;
  /** Its folder, absolute, as seen inside: what `{baseDir}` in its text stands for. */
  readonly baseDir: string;
  readonly source: SourceKind;
  /** Its key under the gateway's `skills.entries`. */
  readonly skillKey: string;
  /** What it declares of its environment: with these a skill of this list can be asked for its secrets. */
  readonly requires: { readonly env: readonly string[] };
  readonly primaryEnv?: string;
  /** Whether it belongs into the list for the model (`disable-model-invocation`). */
  readonly modelInvocable: boolean;
  readonly userInvocable: boolean;
  /** What it takes of that list, with its description. */
  readonly characters: number;
}

/** Whether the sandbox sees a skill where the agent keeps it, in its workspace, so that no copy is needed. */
export function isSeenInPlace(source: SourceKind, access: WorkspaceAccess): boolean {
  return access === "rw" && Object.hasOwn(ownFolders, source);
}

/** The chosen skills that can be read inside: those of the generation, and those seen in place. Sorted by name. */
export function listMirroredSkills(
  { skills, roots }: Pick<ChosenSkills, "skills" | "roots">,
  mirrored: readonly GenerationSkill[],
  access: WorkspaceAccess,
): readonly MirroredSkill[] {
  const folders = new Map(mirrored.map(({ name, folder }) => [name, folder]));
  const parent = access === "rw" ? insidePaths.reservedSkills : insidePaths.skills;
  return skills.flatMap((sourced) => {
    const { skill, source } = sourced;
    if (isSeenInPlace(source, access)) {
      return [describe(sourced, pathInPlace(source, roots.get(source) ?? skill.dir, skill.dir))];
    }
    const folder = folders.get(skill.name);
    return folder === undefined ? [] : [describe(sourced, joinInside(parent, folder))];
  });
}

/** Where an agent keeps skills of its own, in its workspace. */
const ownFolders: Partial<Record<SourceKind, string>> = { project: ".agents/skills", workspace: "skills" };

function pathInPlace(source: SourceKind, root: string, dir: string): string {
  return joinInside(insidePaths.workspace, ownFolders[source] ?? "", ...relative(root, dir).split(sep));
}

function describe({ skill, source }: SourcedSkill, baseDir: string): MirroredSkill {
  const described = {
    name: skill.name,
    description: renderBaseDir(skill.description, baseDir),
    location: joinInside(baseDir, basename(skill.file)),
  };
  return {
    ...described,
    baseDir,
    source,
    skillKey: skill.skillKey,
    requires: { env: skill.requires.env },
    ...(skill.primaryEnv === undefined ? {} : { primaryEnv: skill.primaryEnv }),
    modelInvocable: !skill.disableModelInvocation,
    userInvocable: skill.userInvocable,
    characters: skillListCharacters(described),
  };
}
