import { lstatSync } from "node:fs";
import { join } from "node:path";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { findScopes } from "../home/find-scope.ts";
import { isHomeLeased } from "../home/is-home-leased.ts";
import { removeFromScope } from "../remove-from-scope.ts";
import { readScopeRecord } from "../scope-record.ts";

export interface CollectFoldersRequest {
  readonly workspaceRoot: string;
  /** In a scope's folder. */
  readonly names: readonly string[];
  /** Those of scopes that nobody has used for this long go. */
  readonly graceMs: number;
  /** Whether a container with this folder still exists. */
  readonly isInUse: (folder: CollectableFolder) => boolean;
  readonly dryRun: boolean;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CollectableFolder {
  readonly slug: string;
  /** The scope's folder on the host. */
  readonly dir: string;
  readonly lastUsed: string;
}

export interface CollectedFolders {
  readonly removed: readonly CollectableFolder[];
  /** Old enough, and in use all the same. */
  readonly kept: readonly CollectableFolder[];
}

/**
 * Removes folders that are a scope's own, such as its workspace with the skills mirrored for it, where the scope has not
 * been used for a while: never one that is in use, or whose last use is not on record. An agent's workspace is no scope's
 * own.
 */
export async function collectScopeFolders(request: CollectFoldersRequest): Promise<CollectedFolders> {
  const { workspaceRoot, names, graceMs, isInUse, dryRun, nowMs, signal } = request;
  const removed: CollectableFolder[] = [];
  const kept: CollectableFolder[] = [];
  for (const found of await findScopes(workspaceRoot, signal)) {
    throwIfCancelled(signal);
    const { slug, dir, recordsDir, record } = found;
    if (record === null || !isOld(record.lastUsed) || !names.some((name) => isThere(dir, name))) continue;
    const folder = { slug, dir, lastUsed: record.lastUsed };
    const isMeant = () => isStillOld(recordsDir);
    if (isHomeLeased(recordsDir) || isInUse(folder)) kept.push(folder);
    else if (dryRun || (await removeFromScope(found, { names, isMeant, signal })).length > 0) {
      removed.push(folder);
    }
  }
  return { removed, kept };

  function isOld(lastUsed: string): boolean {
    return nowMs - Date.parse(lastUsed) > graceMs;
  }

  /** Looked at again under the lock. */
  function isStillOld(recordsDir: string): boolean {
    const read = readScopeRecord(recordsDir);
    return read.kind === "record" && isOld(read.record.lastUsed) && !isHomeLeased(recordsDir);
  }
}

function isThere(dir: string, name: string): boolean {
  return lstatSync(join(dir, name), { throwIfNoEntry: false }) !== undefined;
}
