import { randomBytes } from "node:crypto";
import { renameSync } from "node:fs";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../host/file-problem.ts";
import { closeFolder, listFolder, type OpenFolder, pathIn } from "../host/open-folder.ts";
import { removeTreeIn } from "../host/remove-in.ts";
import { stateFailure } from "../host/state-failure.ts";
import { withLock } from "../host/with-lock.ts";
import type { FoundScope } from "./home/find-scope.ts";
import { openFoundScope } from "./home/home-folders.ts";
import { homeLockName } from "./home/prepare-home.ts";

export interface RemoveFromScope {
  /** Entries of the scope's folder. */
  readonly names: readonly string[];
  /** Asked once nobody else makes or removes the scope's folders. */
  readonly isMeant: () => boolean;
  /** What has to be done before the first of them goes. */
  readonly before?: (scope: OpenFolder) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes folders of a scope with everything in them; gives those that were there. Each loses its name in one step; what
 * then takes time is removed by descriptors, never through a link.
 */
export async function removeFromScope(
  { dir, recordsDir }: FoundScope,
  { names, isMeant, before, signal }: RemoveFromScope,
): Promise<readonly string[]> {
  const scope = openFoundScope(dir);
  const moveAway = async () => {
    if (!isMeant()) return [];
    before?.(scope);
    return names.filter((name) => moveOne(scope, name));
  };
  try {
    const options = signal === undefined ? {} : { signal };
    const moved = await withLock(recordsDir, homeLockName, moveAway, options);
    // Also what an earlier removal did not finish.
    await removeLeftovers(scope, signal);
    return moved;
  } catch (error) {
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw stateFailure("remove a sandbox's folders in", dir, error);
  } finally {
    closeFolder(scope);
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

const goneGrammar = /^\.gone-[0-9a-f]{16}$/;

async function removeLeftovers(scope: OpenFolder, signal: AbortSignal | undefined): Promise<void> {
  const listed = listFolder(scope);
  if (!listed.ok) return;
  for (const { name } of listed.entries) if (goneGrammar.test(name)) await removeTreeIn(scope, name, signal);
}
