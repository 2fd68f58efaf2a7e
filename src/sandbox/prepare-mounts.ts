import { existsSync, fstatSync, mkdirSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { escapeText, quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { describeFileProblem, errnoOf, toFileProblem } from "../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolder } from "../host/open-folder.ts";
import { makeFolderIn, type Owner } from "../host/write-in-folder.ts";
import { openScopeFolder } from "./open-scope-folder.ts";
import { insidePaths, type SandboxMount, type WorkspaceAccess } from "./sandbox-mount.ts";
import type { Scope } from "./scope.ts";
import { type ScopeFolder, scopeFolder } from "./scope-folder.ts";

export interface MountsRequest {
  readonly scope: Scope;
  /** Absolute; made where it is missing. */
  readonly workspaceRoot: string;
  readonly workspaceAccess: WorkspaceAccess;
  /** Absolute; not asked for with `none`. */
  readonly agentWorkspaceDir: string | null;
  readonly sandboxUser: Owner;
}

export interface PreparedMounts {
  readonly folder: ScopeFolder;
  /** The mirror's, which makes it and keeps it. */
  readonly skillsDir: string;
  /** Workspace, the agent's workspace and the skills, an outer one before those within it. */
  readonly mounts: readonly SandboxMount[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes the folders of a scope that a sandbox mounts, each with its owner and mode from the first moment; the skills'
 * own folder is left to the mirror. No link is followed. Throws `INPUT_INVALID` for an agent's workspace that cannot be
 * mounted, `SANDBOX_FOLDER_FAILED` where something else is in the way.
 */
export function prepareMounts(request: MountsRequest): PreparedMounts {
  const { workspaceAccess } = request;
  try {
    const workspaceRoot = findOrMakeRoot(request.workspaceRoot);
    const folder = scopeFolder(workspaceRoot, request.scope);
    const agentDir = workspaceAccess === "none" ? null : locateAgentWorkspace(request, folder);
    const scope = openScopeFolder(workspaceRoot, folder);
    try {
      const rest =
        agentDir !== null && workspaceAccess === "rw"
          ? mountAgents(folder, agentDir)
          : mountOwn(folder, agentDir);
      return { folder, ...rest, diagnostics: prepareWorkspace(scope, agentDir, request) };
    } finally {
      closeFolder(scope);
    }
  } catch (error) {
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw folderFailure(request.workspaceRoot, error);
  }
}

/** Whether everything is there that {@link prepareMounts} would make, so that it only looks. */
export function hasFolders({ workspaceRoot, scope, workspaceAccess }: MountsRequest): boolean {
  const { recordsDir, workspaceDir } = scopeFolder(workspaceRoot, scope);
  return existsSync(recordsDir) && (workspaceAccess === "rw" || existsSync(workspaceDir));
}

/** Links in its path are the operator's own; what is mounted has none. */
function findOrMakeRoot(path: string): string {
  if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: 0o700 });
  return realpathSync.native(path);
}

type Mounts = Pick<PreparedMounts, "skillsDir" | "mounts">;

/** `none`, `ro`: the workspace is the sandbox's own, with the skills in it. */
function mountOwn({ workspaceDir }: ScopeFolder, agentDir: string | null): Mounts {
  const skillsDir = join(workspaceDir, "skills");
  const agent = agentDir === null ? [] : [mount(agentDir, insidePaths.agent, "agent", true)];
  return {
    skillsDir,
    mounts: [
      mount(workspaceDir, insidePaths.workspace, "workspace", false),
      ...agent,
      mount(skillsDir, insidePaths.skills, "skills", true),
    ],
  };
}

/** `rw`: the workspace is the agent's, and the skills of other sources are beside it. */
function mountAgents({ skillsDir }: ScopeFolder, agentDir: string): Mounts {
  return {
    skillsDir,
    mounts: [
      mount(agentDir, insidePaths.workspace, "workspace", false),
      mount(skillsDir, insidePaths.reservedSkills, "skills", true),
    ],
  };
}

function mount(
  source: string,
  target: string,
  purpose: SandboxMount["purpose"],
  readOnly: boolean,
): SandboxMount {
  return { source, target, readOnly, purpose };
}

/** Makes the sandbox's own workspace; the agent's is there already. Says where its owner is not the sandbox's user. */
function prepareWorkspace(
  scope: OpenFolder,
  agentDir: string | null,
  { workspaceAccess, sandboxUser }: MountsRequest,
): readonly Diagnostic[] {
  const workspace =
    agentDir !== null && workspaceAccess === "rw"
      ? openAgentWorkspace(agentDir)
      : makeFolderIn(scope, "workspace", { mode: 0o700, owner: sandboxUser });
  try {
    const { uid } = fstatSync(workspace.fd);
    return uid === sandboxUser.uid ? [] : [ownerDiagnostic(workspace.path, uid, sandboxUser.uid)];
  } finally {
    closeFolder(workspace);
  }
}

function openAgentWorkspace(dir: string): OpenFolder {
  const opened = openFolder(dir);
  if (opened.ok) return opened.folder;
  throw unusableWorkspace(dir, describeFileProblem(opened.problem));
}

/** Links in its path resolved once: what is mounted is what was checked. */
function locateAgentWorkspace(
  { agentWorkspaceDir, workspaceAccess }: MountsRequest,
  folder: ScopeFolder,
): string {
  if (agentWorkspaceDir === null) {
    throw new SkillcrateError(
      "INPUT_INVALID",
      `A sandbox with the workspace access ${workspaceAccess} needs the agent's workspace, and none is named.`,
      { hint: "Name the agent's workspace, or take the workspace access none." },
    );
  }
  const dir = resolveLinks(agentWorkspaceDir);
  if (isWithin(folder.dir, dir) || isWithin(dir, folder.dir)) {
    throw unusableWorkspace(dir, "sandboxes keep their homes and secrets in it, or it lies within them");
  }
  return dir;
}

function resolveLinks(dir: string): string {
  try {
    return realpathSync.native(dir);
  } catch (error) {
    throw unusableWorkspace(dir, describeFileProblem(toFileProblem(error)));
  }
}

function isWithin(path: string, dir: string): boolean {
  return path === dir || path.startsWith(dir.endsWith(sep) ? dir : dir + sep);
}

function ownerDiagnostic(path: string, uid: number, sandboxUid: number): Diagnostic {
  return {
    code: "WORKSPACE_OWNER",
    severity: "warning",
    message: `The workspace ${quoteValue(path)} belongs to uid ${uid}, and the sandbox runs as ${sandboxUid}.`,
    hint: `It may be unable to write there: run the sandbox as uid ${uid}, or give the folder to uid ${sandboxUid}.`,
  };
}

function unusableWorkspace(dir: string, why: string): SkillcrateError {
  return new SkillcrateError(
    "INPUT_INVALID",
    `The agent's workspace ${quoteValue(dir)} cannot be used: ${why}.`,
    {
      hint: "Name a folder of the agent's own.",
    },
  );
}

function folderFailure(workspaceRoot: string, cause: unknown): SkillcrateError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SkillcrateError(
    "SANDBOX_FOLDER_FAILED",
    `The folders of a sandbox below ${quoteValue(workspaceRoot)} cannot be made: ${escapeText(reason)}.`,
    {
      hint:
        errnoOf(cause) === "EPERM"
          ? "Only root can make folders for another user: run the sandbox as the gateway's own user."
          : "Make space, or move away what is there in place of a folder.",
      cause,
    },
  );
}
