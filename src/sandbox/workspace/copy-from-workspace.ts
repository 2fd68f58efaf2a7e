import { mkdirSync, realpathSync, renameSync, rmdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { errnoOf, toFileProblem } from "../../host/file-problem.ts";
import { closeFile, type OpenFile } from "../../host/open-file.ts";
import { closeFolder, type OpenFolder, openFolder, pathIn } from "../../host/open-folder.ts";
import { isPlainName } from "../../host/plain-name.ts";
import { removeTreeIn } from "../../host/remove-in.ts";
import { discardStaged, openStaged, placeStaged, stagedName } from "../../host/staged-file.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { makeFolderIn, setAttributes } from "../../host/write-in-folder.ts";
import { type CopyLimits, type CopyState, copyBytes, copyTree, defaultCopyLimits } from "./copy-tree.ts";
import { type InsideRequest, openInside } from "./open-inside.ts";
import { requireAbsolute } from "./require-absolute.ts";
import { unreadable, writeFailure } from "./workspace-failure.ts";

export interface CopyFromWorkspaceRequest extends InsideRequest {
  /** The host path that the copy gets; its folder must be there. Absolute. */
  readonly destination: string;
  /** Whether a file that is there may be replaced. A folder never is. Default false. */
  readonly overwrite?: boolean;
  readonly limits?: Partial<CopyLimits>;
  readonly signal?: AbortSignal;
}

export interface CopyFromWorkspaceResult {
  /** As seen inside, links resolved. */
  readonly insidePath: string;
  readonly destination: string;
  readonly files: number;
  readonly bytes: number;
  /** What was left out: links, pipes, sockets, devices, and what cannot be read; and files that changed meanwhile. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Copies a file or a folder out of a workspace that a sandbox may be writing at this moment. Regular files only: links
 * in a folder, and what is mounted in it, are left out and said; nothing else is opened. The copy belongs to this
 * process's user, has mode 0644 or 0755 (folders 0755), and appears whole or not at all. What has the destination's name
 * is never followed, and replaced only where `overwrite` says so.
 *
 * Throws what `readFromWorkspace` throws, `WORKSPACE_TOO_LARGE` beyond a limit, `WORKSPACE_EXISTS`,
 * `WORKSPACE_WRITE_FAILED`, `INPUT_INVALID`.
 */
export async function copyFromWorkspace(request: CopyFromWorkspaceRequest): Promise<CopyFromWorkspaceResult> {
  throwIfCancelled(request.signal);
  const target = openTarget(request.destination);
  try {
    const found = openInside(request);
    const { insidePath } = found;
    const state: CopyState = {
      mounts: request.mounts,
      limits: { ...defaultCopyLimits, ...request.limits },
      signal: request.signal,
      files: 0,
      bytes: 0,
      entries: 0,
      diagnostics: [],
    };
    if (found.type === "file") await copyFile(found.file, insidePath, target, request, state);
    else await copyFolder(found.folder, insidePath, target, state);
    const { files, bytes, diagnostics } = state;
    return { insidePath, destination: join(target.folder.path, target.name), files, bytes, diagnostics };
  } catch (error) {
    throw writeFailure(request.destination, error);
  } finally {
    closeFolder(target.folder);
  }
}

interface Target {
  readonly folder: OpenFolder;
  readonly name: string;
}

/** The path is the caller's own, links in it included, but for its last name. */
function openTarget(destination: string): Target {
  requireAbsolute(destination);
  const name = basename(destination);
  if (!isPlainName(name)) throw unusable(destination, "it names no file");
  try {
    const opened = openFolder(realpathSync(dirname(destination)));
    if (opened.ok) return { folder: opened.folder, name };
    throw unusable(destination, "its folder cannot be opened");
  } catch (error) {
    if (error instanceof SkillcrateError) throw error;
    toFileProblem(error);
    throw unusable(destination, "its folder is not there");
  }
}

function unusable(destination: string, why: string): SkillcrateError {
  return new SkillcrateError("INPUT_INVALID", `Cannot copy to ${quoteValue(destination)}: ${why}.`, {
    hint: "Give the path of a new file or folder in a folder that is there.",
  });
}

async function copyFile(
  file: OpenFile,
  insidePath: string,
  { folder, name }: Target,
  { overwrite = false, destination }: CopyFromWorkspaceRequest,
  state: CopyState,
): Promise<void> {
  try {
    const staged = openStaged(folder);
    try {
      await copyBytes(file, staged.fd, insidePath, state);
      if (placeStaged(staged, name, overwrite ? "replace" : "create")) return;
      throw exists(destination);
    } finally {
      discardStaged(staged);
    }
  } finally {
    closeFile(file);
  }
}

async function copyFolder(
  from: OpenFolder | null,
  insidePath: string,
  target: Target,
  state: CopyState,
): Promise<void> {
  if (from === null) throw unreadable(insidePath, { kind: "wrong-type", what: "no folder of the workspace" });
  const staged = stagedName();
  try {
    const to = makeFolderIn(target.folder, staged, { mode: 0o700, owner: null });
    try {
      await copyTree(from, to, insidePath, state);
      setAttributes(to.fd, { mode: 0o755, owner: null });
    } finally {
      closeFolder(to);
    }
    placeFolder(target, staged);
  } finally {
    closeFolder(from);
    // Gone where it has got its name. Not stopped by the signal: nothing is to be left.
    await removeTreeIn(target.folder, staged);
  }
}

/** A folder replaces an empty one in one step: ours, which shows that the name was free. */
function placeFolder({ folder, name }: Target, staged: string): void {
  const path = pathIn(folder, name);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    throw exists(join(folder.path, name));
  }
  try {
    renameSync(pathIn(folder, staged), path);
  } catch (error) {
    rmdirSync(path);
    throw error;
  }
}

function exists(destination: string): SkillcrateError {
  return new SkillcrateError("WORKSPACE_EXISTS", `${quoteValue(destination)} is there already.`, {
    hint: "Choose another name, or say that a file may be replaced.",
  });
}
