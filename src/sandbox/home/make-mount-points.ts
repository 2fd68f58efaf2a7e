import { realpathSync } from "node:fs";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { describeFileProblem, errnoOf, toFileProblem } from "../../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolder } from "../../host/open-folder.ts";
import { makeFolderIn, type Owner } from "../../host/write-in-folder.ts";
import { insidePaths } from "../sandbox-mount.ts";
import { type HomePaths, isBelow } from "./home-paths.ts";
import type { HomeRequest } from "./home-request.ts";
import { withFolderBelow } from "./with-folder-below.ts";

/**
 * Makes the empty folders in the workspace that the home is mounted over; an engine would make them as root. Throws
 * `HOME_MOUNT_BLOCKED` where something else has their name: a link there would have the home mounted wherever it leads.
 */
export function makeMountPoints(
  { workspaceAccess, agentWorkspaceDir }: HomeRequest,
  scope: OpenFolder,
  { roots, runtimeDir }: HomePaths,
  owner: Owner | null,
): void {
  const isInRoot = roots.some(({ path }) => isBelow(runtimeDir, path));
  const targets = [...roots.map(({ path }) => path), ...(isInRoot ? [] : [runtimeDir])];
  const below = targets.filter((path) => isBelow(path, insidePaths.workspace));
  const isAgents = workspaceAccess === "rw";
  if (isAgents && agentWorkspaceDir === null) return;
  const workspace =
    isAgents && agentWorkspaceDir !== null
      ? openAgents(agentWorkspaceDir)
      : makeFolderIn(scope, "workspace", { mode: 0o700, owner });
  try {
    for (const path of below) makeMountPoint(workspace, path, owner);
  } finally {
    closeFolder(workspace);
  }
}

function makeMountPoint(workspace: OpenFolder, path: string, owner: Owner | null): void {
  const names = path.slice(insidePaths.workspace.length + 1).split("/");
  try {
    withFolderBelow(workspace, names, { mode: 0o700, owner }, () => undefined);
  } catch (error) {
    if (!blocked.has(errnoOf(error))) throw error;
    throw new SkillcrateError(
      "HOME_MOUNT_BLOCKED",
      `The home is to be mounted at ${quoteValue(path)}, but ${quoteValue(`${workspace.path}/${names.join("/")}`)} is not a plain folder.`,
      { hint: "Move away what is there. A sandbox may have put it there.", cause: error },
    );
  }
}

const blocked = new Set(["ELOOP", "ENOTDIR", "EACCES", "EEXIST"]);

function openAgents(dir: string): OpenFolder {
  let path: string;
  try {
    // Links in its path are the operator's own.
    path = realpathSync.native(dir);
  } catch (error) {
    throw unusable(dir, describeFileProblem(toFileProblem(error)), error);
  }
  const opened = openFolder(path);
  if (opened.ok) return opened.folder;
  throw unusable(dir, describeFileProblem(opened.problem));
}

function unusable(dir: string, why: string, cause?: unknown): SkillcrateError {
  return new SkillcrateError("INPUT_INVALID", `The workspace ${quoteValue(dir)} cannot be used: ${why}.`, {
    hint: "Name a folder of the agent's own.",
    cause,
  });
}
