import { lstatSync } from "node:fs";
import { join } from "node:path";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import { type FoundScope, findScopes } from "./home/find-scope.ts";
import { isHomeLeased } from "./home/is-home-leased.ts";
import { readScopeRecord } from "./scope-record.ts";

/** What a scope has on the host, as far as whoever may still need it has to know. */
export interface CollectableFolder {
  readonly slug: string;
  /** The scope's folder on the host: a sandbox's mounts lie below it. */
  readonly dir: string;
  readonly lastUsed: string;
}

export interface CollectedFolders {
  readonly removed: readonly CollectableFolder[];
  /** Old enough, and in use all the same. */
  readonly kept: readonly CollectableFolder[];
}

export interface CollectUnusedRequest {
  readonly workspaceRoot: string;
  /** What nobody has used for this long goes. */
  readonly graceMs: number;
  /** Whether a container with this folder still exists. */
  readonly isInUse: (folder: CollectableFolder) => boolean | Promise<boolean>;
  /** In a scope's folder: what is to go. A scope that has none of them is passed over. */
  readonly names: readonly string[];
  /** Removes them if `isMeant` still says so under the lock; gives whether anything went. */
  readonly remove: (scope: FoundScope, isMeant: () => boolean) => Promise<boolean>;
  readonly dryRun: boolean;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes a part of those scopes that have not been used for a while: never where it is in use, where it is used between the
 * look and the removal, or where the last use is not on record.
 */
export async function collectUnused(request: CollectUnusedRequest): Promise<CollectedFolders> {
  const { workspaceRoot, graceMs, names, isInUse, remove, dryRun, nowMs, signal } = request;
  const removed: CollectableFolder[] = [];
  const kept: CollectableFolder[] = [];
  for (const scope of await findScopes(workspaceRoot, signal)) {
    throwIfCancelled(signal);
    const { slug, dir, recordsDir, record } = scope;
    if (record === null || !isOld(record.lastUsed) || !names.some((name) => isThere(dir, name))) continue;
    const folder = { slug, dir, lastUsed: record.lastUsed };
    if (isHomeLeased(recordsDir) || (await isInUse(folder))) kept.push(folder);
    else if (dryRun || (await remove(scope, () => isStillUnused(recordsDir)))) removed.push(folder);
  }
  return { removed, kept };

  function isOld(lastUsed: string): boolean {
    return nowMs - Date.parse(lastUsed) > graceMs;
  }

  function isStillUnused(recordsDir: string): boolean {
    const read = readScopeRecord(recordsDir);
    return read.kind === "record" && isOld(read.record.lastUsed) && !isHomeLeased(recordsDir);
  }
}

function isThere(dir: string, name: string): boolean {
  return lstatSync(join(dir, name), { throwIfNoEntry: false }) !== undefined;
}
