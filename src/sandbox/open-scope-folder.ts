import { fchmodSync, fstatSync, mkdirSync } from "node:fs";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolder } from "../host/open-folder.ts";
import { makeFolderIn } from "../host/write-in-folder.ts";
import type { ScopeFolder } from "./scope-folder.ts";

/**
 * Opens a scope's folder and makes what is missing: the workspace root, the folder itself and its records, 0700, of this
 * process's user. No sandbox can write in it; only folders in it are mounted. Throws `SCOPE_FOREIGN` where it is a link,
 * a file, or belongs to somebody else. The caller closes it.
 */
export function openScopeFolder(workspaceRoot: string, folder: ScopeFolder): OpenFolder {
  // Down to the workspace root the path is the operator's own, links in it included.
  let opened = openFolder(folder.dir);
  if (!opened.ok && opened.problem.kind === "missing") {
    mkdirSync(workspaceRoot, { recursive: true, mode: 0o700 });
    mkdirIgnoringExisting(folder.dir);
    opened = openFolder(folder.dir);
  }
  if (!opened.ok) throw foreign(folder.dir, describeFileProblem(opened.problem));
  const scope = opened.folder;
  try {
    closeToOthers(scope);
    closeFolder(makeFolderIn(scope, "records", { mode: 0o700, owner: null }));
    return scope;
  } catch (error) {
    closeFolder(scope);
    throw error;
  }
}

function mkdirIgnoringExisting(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}

/** Another user who can write here could put a link in the place of what is mounted. */
function closeToOthers(scope: OpenFolder): void {
  const { uid, mode } = fstatSync(scope.fd);
  const self = process.geteuid?.() ?? uid;
  if (uid !== self && uid !== 0) throw foreign(scope.path, `it belongs to uid ${uid}`);
  if (uid === self && (mode & 0o777) !== 0o700) fchmodSync(scope.fd, 0o700);
}

function foreign(path: string, why: string): SkillcrateError {
  return new SkillcrateError("SCOPE_FOREIGN", `${quoteValue(path)} cannot be a sandbox's folder: ${why}.`, {
    hint: "Move it away, or choose another workspaceRoot.",
  });
}
