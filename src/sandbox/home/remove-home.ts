import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { closeFolder, type OpenFolder, openFolderIn } from "../../host/open-folder.ts";
import { removeIn } from "../../host/remove-in.ts";
import { removeFromScope } from "../remove-from-scope.ts";
import { type FoundScope, findScope } from "./find-scope.ts";
import { homeFolderNames } from "./home-paths.ts";
import { isHomeLeased } from "./is-home-leased.ts";

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
  // First what says which files templates have put: a new home gets them anew.
  const removed = await removeFromScope(found, { names, isMeant, before: forgetTemplates, signal });
  return removed.some((name) => homeFolderNames.includes(name));
}

const names = [...homeFolderNames, "imports", "accounts"];

function forgetTemplates(scope: OpenFolder): void {
  const records = openFolderIn(scope, "records");
  if (!records.ok) return;
  try {
    removeIn(records.folder, "home.json");
  } finally {
    closeFolder(records.folder);
  }
}
