import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
} from "node:fs";
import { errnoOf } from "./file-problem.ts";
import { type OpenFolder, pathIn } from "./open-folder.ts";

/** A file that is written under a name of its own before it gets the one it is known by. */
export interface StagedFile {
  readonly fd: number;
  readonly folder: OpenFolder;
  readonly name: string;
}

/** Makes an empty file, mode 0600, that nobody had a name for. The caller ends with {@link discardStaged}, always. */
export function openStaged(folder: OpenFolder): StagedFile {
  const name = stagedName();
  return { fd: openSync(pathIn(folder, name), createFlags, 0o600), folder, name };
}

/** For a folder that is filled under a name of its own. */
export function stagedName(): string {
  return `.skillcrate-${randomBytes(12).toString("hex")}.new`;
}

/** Whether a name is one of {@link stagedName}: what a killed process leaves. */
export function isStagedName(name: string): boolean {
  return /^\.skillcrate-[0-9a-f]{24}\.new$/.test(name);
}

/**
 * Gives a staged file its name in one step. `create` gives false, and does nothing, where something has the name
 * already.
 */
export function placeStaged(staged: StagedFile, name: string, how: "replace" | "create"): boolean {
  const from = pathIn(staged.folder, staged.name);
  const to = pathIn(staged.folder, name);
  if (how === "replace") renameSync(from, to);
  else return linkOrRename(from, to);
  return true;
}

/** Whether a name in a folder leads to this very file: where others write too, what was placed may have been moved. */
export function isPlaced(staged: StagedFile, name: string, folder: OpenFolder = staged.folder): boolean {
  const ours = fstatSync(staged.fd, { bigint: true });
  const there = lstatSync(pathIn(folder, name), { bigint: true, throwIfNoEntry: false });
  return there !== undefined && there.dev === ours.dev && there.ino === ours.ino;
}

/** Closes the file and takes its staged name away, where it still has it. */
export function discardStaged(staged: StagedFile): void {
  closeSync(staged.fd);
  try {
    unlinkSync(pathIn(staged.folder, staged.name));
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}

/** A file that nothing has the name of yet, a link included. */
export const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** A hard link is the one step that fails where the name is taken; some file systems have none. */
function linkOrRename(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    if (!withoutHardLinks.has(errnoOf(error))) throw error;
  }
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return false;
  renameSync(from, to);
  return true;
}

const withoutHardLinks = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"]);
