import { join } from "node:path";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { describeFileProblem, errnoOf } from "../../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolder } from "../../host/open-folder.ts";
import { removeTreeIn } from "../../host/remove-in.ts";
import { stateFailure } from "../../host/state-failure.ts";
import { makeFolderIn, type Owner } from "../../host/write-in-folder.ts";
import type { ScopeFolder } from "../scope-folder.ts";

/** Where a scope's browser keeps its things on the host: `<scope>/browser`, 0700, of the gateway's user. */
export interface BrowserFolder {
  readonly dir: string;
  /** Sockets that the container listens on, of its user. */
  readonly doorsDir: string;
  /** The socket of the web proxy, which the container may only use. */
  readonly webDir: string;
  /** Chromium's, of the container's user. */
  readonly profileDir: string;
  /** Locks, leases, the last use, and the doors' secrets. Never mounted. */
  readonly recordsDir: string;
}

/** In a scope's folder. */
export const browserFolderName = "browser";

/** In the workspace, inside and outside. */
export const downloadsName = "downloads";

export function browserFolder({ dir: scopeDir }: Pick<ScopeFolder, "dir">): BrowserFolder {
  const dir = join(scopeDir, browserFolderName);
  return {
    dir,
    doorsDir: join(dir, "doors"),
    webDir: join(dir, "web"),
    profileDir: join(dir, "profile"),
    recordsDir: join(dir, "records"),
  };
}

/**
 * Makes the folders that a browser mounts, and the one for downloads in the workspace, each with its owner from the
 * first moment; no link is followed. Throws `STATE_FAILED`, and `SANDBOX_FOLDER_FAILED` where something else has the
 * name in the workspace.
 */
export function makeBrowserFolders(scope: ScopeFolder, workspaceDir: string, user: Owner): BrowserFolder {
  const folder = browserFolder(scope);
  inFolder(scope.dir, (parent) =>
    closing(makeFolderIn(parent, browserFolderName, { mode: 0o700, owner: null }), (browser) => {
      for (const [name, owner] of [
        ["doors", user],
        ["profile", user],
        // The container's user only has to find the socket in it.
        ["web", null],
        ["records", null],
      ] as const) {
        closeFolder(makeFolderIn(browser, name, { mode: name === "web" ? 0o755 : 0o700, owner }));
      }
    }),
  );
  makeDownloads(workspaceDir, user);
  return folder;
}

/** Empties the profile. The container does not run. */
export async function removeProfile(
  { dir }: BrowserFolder,
  user: Owner,
  signal: AbortSignal | undefined,
): Promise<void> {
  const opened = openFolder(dir);
  if (!opened.ok) throw stateFailure("empty the profile in", dir, opened.problem);
  try {
    await removeTreeIn(opened.folder, "profile", signal);
    closeFolder(makeFolderIn(opened.folder, "profile", { mode: 0o700, owner: user }));
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    throw stateFailure("empty the profile in", dir, error);
  } finally {
    closeFolder(opened.folder);
  }
}

/** A sandbox writes there: what it has put in the place of the folder is left alone. */
function makeDownloads(workspaceDir: string, user: Owner): void {
  const opened = openFolder(workspaceDir);
  if (!opened.ok) throw blocked(workspaceDir, describeFileProblem(opened.problem));
  try {
    closeFolder(makeFolderIn(opened.folder, downloadsName, { mode: 0o755, owner: user }));
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    throw blocked(join(workspaceDir, downloadsName), errnoOf(error));
  } finally {
    closeFolder(opened.folder);
  }
}

function blocked(path: string, why: string): SkillcrateError {
  return new SkillcrateError(
    "SANDBOX_FOLDER_FAILED",
    `${quoteValue(path)} cannot be the browser's folder for downloads: ${why}.`,
    { hint: "Move away what is there." },
  );
}

function inFolder(path: string, task: (folder: OpenFolder) => void): void {
  const opened = openFolder(path);
  if (!opened.ok) throw stateFailure("open", path, new Error(describeFileProblem(opened.problem)));
  try {
    closing(opened.folder, task);
  } catch (error) {
    throw stateFailure("make a browser's folders in", path, error);
  }
}

function closing(folder: OpenFolder, task: (folder: OpenFolder) => void): void {
  try {
    task(folder);
  } finally {
    closeFolder(folder);
  }
}
