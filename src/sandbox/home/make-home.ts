import { fstatSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { describeFileProblem, errnoOf } from "../../host/file-problem.ts";
import { closeFolder, type OpenFolder, pathIn } from "../../host/open-folder.ts";
import { removeTreeIn } from "../../host/remove-in.ts";
import { makeFolderIn, type Owner, setAttributes } from "../../host/write-in-folder.ts";
import type { HomeRoot } from "./home-paths.ts";
import { homeMode, openHomeRoot } from "./open-home-root.ts";
import { withFolderBelow } from "./with-folder-below.ts";

/**
 * Makes one root of a home, or opens the one that is there. A new one has its owner, its mode (0700) and its folders
 * before it gets its name. Of an existing one only the root's own attributes are set and missing folders made: whatever
 * else is in it, links in the place of folders included, is left as it is and reported. The caller closes it.
 */
export async function makeHomeRoot(
  scope: OpenFolder,
  root: HomeRoot,
  owner: Owner | null,
  diagnostics: Diagnostic[],
  signal: AbortSignal | undefined,
): Promise<OpenFolder> {
  const present = openHomeRoot(scope, root.folder);
  if (present.ok) {
    try {
      repairRoot(present.folder, owner, diagnostics);
      makeSubfolders(present.folder, root, owner, diagnostics);
      return present.folder;
    } catch (error) {
      closeFolder(present.folder);
      throw error;
    }
  }
  if (present.problem.kind === "missing") return buildRoot(scope, root, owner, signal);
  throw new SkillcrateError(
    "SCOPE_FOREIGN",
    `${quoteValue(join(scope.path, root.folder))} cannot be a home: ${describeFileProblem(present.problem)}.`,
    { hint: "Move it away; a new one is made." },
  );
}

async function buildRoot(
  scope: OpenFolder,
  root: HomeRoot,
  owner: Owner | null,
  signal: AbortSignal | undefined,
): Promise<OpenFolder> {
  // Always the same name: what a killed process left is removed by the next, which holds the same lock.
  const staged = `.${root.folder}.new`;
  await removeTreeIn(scope, staged, signal);
  const folder = makeFolderIn(scope, staged, { mode: homeMode, owner });
  try {
    const none: Diagnostic[] = [];
    makeSubfolders(folder, root, owner, none);
    renameSync(pathIn(scope, staged), pathIn(scope, root.folder));
    return { ...folder, path: join(scope.path, root.folder) };
  } catch (error) {
    closeFolder(folder);
    throw error;
  }
}

/** By descriptor, and of the root alone: below it a sandbox decides what has which name. */
function repairRoot(folder: OpenFolder, owner: Owner | null, diagnostics: Diagnostic[]): void {
  const { uid, gid, mode } = fstatSync(folder.fd);
  const wanted = owner ?? { uid: process.geteuid?.() ?? uid, gid: process.getegid?.() ?? gid };
  if (uid === wanted.uid && (mode & 0o7777) === homeMode) return;
  setAttributes(folder.fd, { mode: homeMode, owner: uid === wanted.uid ? null : wanted });
  if (uid === wanted.uid || uid === 0) return;
  diagnostics.push({
    code: "HOME_OWNER_CHANGED",
    severity: "warning",
    message: `The home ${quoteValue(folder.path)} belonged to uid ${uid} and now belongs to ${wanted.uid}; files in it were left as they are.`,
    hint: `If it is the same person's: chown -hR ${wanted.uid}:${wanted.gid} ${folder.path}`,
  });
}

function makeSubfolders(
  folder: OpenFolder,
  root: HomeRoot,
  owner: Owner | null,
  diagnostics: Diagnostic[],
): void {
  for (const path of root.subfolders) {
    try {
      withFolderBelow(folder, path.split("/"), { mode: homeMode, owner }, () => undefined);
    } catch (error) {
      const why = inTheWay.get(errnoOf(error));
      if (why === undefined) throw error;
      diagnostics.push({
        code: "HOME_ENTRY_KEPT",
        severity: "warning",
        message: `${quoteValue(`${root.path}/${path}`)} is ${why}; it was left as it is.`,
        hint: "Programs in the sandbox that look there may fail. Remove it inside, and it is made anew.",
      });
    }
  }
}

/** What a sandbox may have put where a folder belongs. */
const inTheWay = new Map([
  ["ELOOP", "a link, or below one"],
  ["ENOTDIR", "no folder, or below something that is none"],
  ["EACCES", "closed to us"],
  ["ENOENT", "moved about while we look"],
]);
