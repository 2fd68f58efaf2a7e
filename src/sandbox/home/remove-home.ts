import { randomBytes } from "node:crypto";
import { renameSync } from "node:fs";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { closeFolder, listFolder, type OpenFolder, openFolderIn, pathIn } from "../../host/open-folder.ts";
import { removeIn, removeTreeIn } from "../../host/remove-in.ts";
import { stateFailure } from "../../host/state-failure.ts";
import { withLock } from "../../host/with-lock.ts";
import { type FoundScope, findScope } from "./find-scope.ts";
import { openFoundScope } from "./home-folders.ts";
import { homeFolderNames } from "./home-paths.ts";
import { isHomeLeased } from "./is-home-leased.ts";
import { homeLockName } from "./prepare-home.ts";

export interface RemoveHomeRequest {
  readonly workspaceRoot: string;
  /** The scope's whole key, its folder's name, or the beginning of that. */
  readonly name: string;
  /** Also while a process holds something of the scope. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

export interface RemovedHome {
  readonly slug: string;
  /** False: there was none. */
  readonly removed: boolean;
}

/**
 * Removes a scope's home with everything in it: logins, templates' files, imports. Its workspace and its secrets stay.
 * The home loses its name in one step; what then takes time is removed by descriptors, never through a link. Throws
 * `HOME_NOT_FOUND`, and `HOME_IN_USE` unless `force`.
 */
export async function removeHome(request: RemoveHomeRequest): Promise<RemovedHome> {
  const found = await findScope(request.workspaceRoot, request.name, request.signal);
  const removed = await removeFound(found, request.signal, () => {
    if (request.force === true || !isHomeLeased(found.recordsDir)) return true;
    throw new SkillcrateError("HOME_IN_USE", `The home ${quoteValue(found.slug)} is in use.`, {
      hint: "Stop its sandbox first, or remove it all the same: --force",
    });
  });
  return { slug: found.slug, removed };
}

/**
 * Removes the home of a scope if `isMeant` still says so once nobody else makes or removes it. False where it did not,
 * or there was none.
 */
export async function removeFound(
  found: FoundScope,
  signal: AbortSignal | undefined,
  isMeant: () => boolean,
): Promise<boolean> {
  const scope = openFoundScope(found.dir);
  try {
    const options = signal === undefined ? {} : { signal };
    const moved = await withLock(
      found.recordsDir,
      homeLockName,
      async () => isMeant() && moveAway(scope),
      options,
    );
    // Also what an earlier removal did not finish.
    await removeLeftovers(scope, signal);
    return moved;
  } catch (error) {
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw stateFailure("remove the home in", found.dir, error);
  } finally {
    closeFolder(scope);
  }
}

const goneGrammar = /^\.gone-[0-9a-f]{16}$/;

function moveAway(scope: OpenFolder): boolean {
  // First what says which files templates have put: a new home gets them anew.
  forgetTemplates(scope);
  const moved = [...homeFolderNames, "imports", "accounts"].filter((name) => moveOne(scope, name));
  return moved.some((name) => homeFolderNames.includes(name));
}

function forgetTemplates(scope: OpenFolder): void {
  const records = openFolderIn(scope, "records");
  if (!records.ok) return;
  try {
    removeIn(records.folder, "home.json");
  } finally {
    closeFolder(records.folder);
  }
}

function moveOne(scope: OpenFolder, name: string): boolean {
  try {
    renameSync(pathIn(scope, name), pathIn(scope, `.gone-${randomBytes(8).toString("hex")}`));
    return true;
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    return false;
  }
}

async function removeLeftovers(scope: OpenFolder, signal: AbortSignal | undefined): Promise<void> {
  const listed = listFolder(scope);
  if (!listed.ok) return;
  for (const { name } of listed.entries) if (goneGrammar.test(name)) await removeTreeIn(scope, name, signal);
}
