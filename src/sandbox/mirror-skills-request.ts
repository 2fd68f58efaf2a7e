import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Owner } from "../host/write-in-folder.ts";
import type { Generation, MirrorLimits, MirrorResult } from "../mirror/mirror-request.ts";
import type { ExcludedSkill, ShadowedName, SkillsChoice, SkillsGround } from "./choose-skills.ts";
import type { MirrorCache } from "./mirror-cache.ts";
import type { MirroredSkill } from "./mirrored-skill.ts";
import type { SandboxMount, WorkspaceAccess } from "./sandbox-mount.ts";
import type { Scope } from "./scope.ts";
import type { SkillList, SkillListLimits } from "./skill-list.ts";

export interface MirrorSkillsRequest {
  /** Who shares the sandbox. */
  readonly scope: Scope;
  /** Absolute: where the folders of all scopes are; made where it is missing. */
  readonly workspaceRoot: string;
  readonly workspaceAccess: WorkspaceAccess;
  /** Where the gateway's skills come from. `ro` and `rw` need its `workspaceDir`. */
  readonly sources: SkillsGround;
  readonly choice: SkillsChoice;
  /** Who the sandbox runs as; see `chooseSandboxUser`. */
  readonly sandboxUser: Owner;
  /** Of files in skills; skills above one of them are refused. */
  readonly mirrorLimits?: Partial<MirrorLimits>;
  /** Of the list for the model. */
  readonly listLimits?: Partial<SkillListLimits>;
  /** Whether what stands in the mirror's place and is none is renamed instead of being refused; default false. */
  readonly adopt?: boolean;
  /** Of the caller: with it, a call to which nothing changed reads no file. */
  readonly cache?: MirrorCache;
  readonly signal?: AbortSignal;
}

/** What the chosen skills are inside, the same for every scope that asks the same. */
export interface ExposedSkills {
  readonly generation: Generation;
  /** Every skill that can be read inside, sorted by name. */
  readonly skills: readonly MirroredSkill[];
  /** What to put before the model. */
  readonly list: SkillList;
  /** Skills of the sources that no sandbox of this kind gets, each with the first rule that says so. */
  readonly excluded: readonly ExcludedSkill[];
  /** Skills that were chosen and could not be copied. */
  readonly refused: readonly RefusedSkill[];
  readonly shadowed: readonly ShadowedName[];
  /** For operators: paths of the host are in them. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface RefusedSkill {
  readonly name: string;
  readonly diagnostic: Diagnostic;
}

export interface MirroredSkills extends ExposedSkills {
  /** Whether sandboxes of this scope see another generation than before. */
  readonly changed: boolean;
  readonly copied: MirrorResult["copied"];
  /** Workspace, the agent's workspace with `ro`, and the skills; an outer one before those within it. */
  readonly mounts: readonly SandboxMount[];
}
