import { fstatSync, mkdirSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { escapeText, quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { describeFileProblem, errnoOf, toFileProblem } from "../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolder } from "../host/open-folder.ts";
import { type EntryAttributes, makeFolderIn, type Owner } from "../host/write-in-folder.ts";
import { openScopeFolder } from "./open-scope-folder.ts";
import { insidePaths, type SandboxMount, type WorkspaceAccess } from "./sandbox-mount.ts";
import type { Scope } from "./scope.ts";
import { type ScopeFolder, scopeFolder } from "./scope-folder.ts";

export interface MountedFoldersRequest {
  readonly scope: Scope;
  /** Absolute; made where it is missing. */
  readonly workspaceRoot: string;
  readonly workspaceAccess: WorkspaceAccess;
  /** Absolute; not asked for with `none`. */
  readonly agentWorkspaceDir: string | null;
  readonly sandboxUser: Owner;
}

export interface MountedFolders {
  readonly folder: ScopeFolder;
  /** Where the mirror publishes; open until the caller closes it. */
  readonly skills: OpenFolder;
  /** Workspace, the agent's workspace and the skills, an outer one before those within it. */
  readonly mounts: readonly SandboxMount[];
  readonly diagnostics: readonly Diagnostic[];
}

type OpenedFolders = Omit<MountedFolders, "folder">;

/**
 * Makes what a sandbox mounts, each folder with its owner and mode from the first moment, and the mount points in it,
 * which an engine would make as root. No link is followed. Throws `INPUT_INVALID` for an agent's workspace that cannot
 * be mounted, `SANDBOX_FOLDER_FAILED` where something else is in the way.
 */
export function openMountedFolders(request: MountedFoldersRequest): MountedFolders {
  try {
    mkdirSync(request.workspaceRoot, { recursive: true, mode: 0o700 });
    // Links in its path are the operator's own.
    const workspaceRoot = realpathSync.native(request.workspaceRoot);
    const folder = scopeFolder(workspaceRoot, request.scope);
    const agentDir = request.workspaceAccess === "none" ? null : locateAgentWorkspace(request, folder);
    const scope = openScopeFolder(workspaceRoot, folder);
    try {
      const opened =
        agentDir !== null && request.workspaceAccess === "rw"
          ? openForAgent(scope, folder, agentDir, request.sandboxUser)
          : openOwn(scope, folder, agentDir, request.sandboxUser);
      return { folder, ...opened };
    } finally {
      closeFolder(scope);
    }
  } catch (error) {
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw folderFailure(request.workspaceRoot, error);
  }
}

/** `none`, `ro`: the workspace is the sandbox's own, with the skills in it. */
function openOwn(
  scope: OpenFolder,
  folder: ScopeFolder,
  agentDir: string | null,
  sandboxUser: Owner,
): OpenedFolders {
  const workspace = makeFolderIn(scope, "workspace", { mode: 0o700, owner: sandboxUser });
  try {
    makeMountPoint(workspace, "home", sandboxUser);
    const agent = agentDir === null ? [] : [mount(agentDir, insidePaths.agent, "agent", true)];
    return {
      skills: makeFolderIn(workspace, "skills", skillsAttributes),
      mounts: [
        mount(folder.workspaceDir, insidePaths.workspace, "workspace", false),
        ...agent,
        mount(join(folder.workspaceDir, "skills"), insidePaths.skills, "skills", true),
      ],
      diagnostics: ownerDiagnostics(workspace, sandboxUser),
    };
  } finally {
    closeFolder(workspace);
  }
}

/** `rw`: the workspace is the agent's, and the skills of other sources are beside it. */
function openForAgent(
  scope: OpenFolder,
  folder: ScopeFolder,
  agentDir: string,
  sandboxUser: Owner,
): OpenedFolders {
  const opened = openFolder(agentDir);
  if (!opened.ok) throw unusableWorkspace(agentDir, describeFileProblem(opened.problem));
  const workspace = opened.folder;
  try {
    makeMountPoint(workspace, "home", sandboxUser);
    return {
      skills: makeFolderIn(scope, "skills", skillsAttributes),
      mounts: [
        mount(agentDir, insidePaths.workspace, "workspace", false),
        mount(folder.skillsDir, insidePaths.reservedSkills, "skills", true),
      ],
      diagnostics: ownerDiagnostics(workspace, sandboxUser),
    };
  } finally {
    closeFolder(workspace);
  }
}

function makeMountPoint(parent: OpenFolder, name: string, owner: Owner): void {
  closeFolder(makeFolderIn(parent, name, { mode: 0o700, owner }));
}

/** Of this process's user, so that no sandbox changes it, however it comes by another mount of it. */
const skillsAttributes: EntryAttributes = { mode: 0o755, owner: null };

function mount(
  source: string,
  target: string,
  purpose: SandboxMount["purpose"],
  readOnly: boolean,
): SandboxMount {
  return { source, target, readOnly, purpose };
}

/** Links in its path resolved once: what is mounted is what was checked. */
function locateAgentWorkspace(
  { agentWorkspaceDir, workspaceAccess }: MountedFoldersRequest,
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

function ownerDiagnostics(workspace: OpenFolder, sandboxUser: Owner): readonly Diagnostic[] {
  const { uid } = fstatSync(workspace.fd);
  if (uid === sandboxUser.uid) return [];
  return [
    {
      code: "WORKSPACE_OWNER",
      severity: "warning",
      message: `The workspace ${quoteValue(workspace.path)} belongs to uid ${uid}, and the sandbox runs as ${sandboxUser.uid}.`,
      hint: `It may be unable to write there: run the sandbox as uid ${uid}, or give the folder to ${sandboxUser.uid}.`,
    },
  ];
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
