import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../../host/file-problem.ts";
import type { ScopeFolder } from "../scope-folder.ts";
import { linkEntry, writePoolClaim } from "./pool-claim.ts";
import { listWaiting, poolFolder, withdrawEntry } from "./pool-entry.ts";

/**
 * Gives a new scope a sandbox that waits in the pool: the entry's folder becomes the scope's by one rename, with its
 * workspace, home, mirrored skills and running container. False where none waits, or the scope has a folder already: then
 * it is made as usual.
 *
 * Whoever is killed on the way leaves a claim in an entry that still has its place, which nobody takes and `gc` removes; or
 * the scope's folder with its claim, by which the next use finds the container.
 */
export function claimEntry(workspaceRoot: string, folder: ScopeFolder, key: string): boolean {
  for (const entry of listWaiting(workspaceRoot)) {
    if (entry.key !== key) continue;
    if (existsSync(folder.dir)) return false;
    const from = poolFolder(workspaceRoot, entry.id);
    const isOurs = writePoolClaim(from.recordsDir, entry.id, folder.scope);
    withdrawEntry(workspaceRoot, entry);
    if (!isOurs) continue;
    // What the folder was until now: a scope that nobody has.
    rmSync(join(from.recordsDir, "scope.json"), { force: true });
    if (!moveTo(from.dir, folder.dir)) return false;
    linkEntry(workspaceRoot, entry.id, folder.dir);
    return true;
  }
  return false;
}

/** False where another process has made the scope's folder meanwhile. An empty one would be replaced: nothing is in it. */
function moveTo(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    return false;
  }
}
