import { lstatSync } from "node:fs";
import { join } from "node:path";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { findScopes } from "../home/find-scope.ts";
import { isHomeLeased } from "../home/is-home-leased.ts";
import { removeFromScope } from "../remove-from-scope.ts";
import { readScopeRecord } from "../scope-record.ts";

export interface CollectWorkspacesRequest {
  readonly workspaceRoot: string;
  /** Workspaces of scopes that nobody has used for this long go. */
  readonly graceMs: number;
  /** Whether a sandbox with this folder still exists. */
  readonly isInUse: (workspace: CollectableWorkspace) => boolean;
  readonly dryRun: boolean;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface CollectableWorkspace {
  readonly slug: string;
  /** The scope's folder on the host. */
  readonly dir: string;
  readonly lastUsed: string;
}

export interface CollectedWorkspaces {
  readonly removed: readonly CollectableWorkspace[];
  /** Old enough, and in use all the same. */
  readonly kept: readonly CollectableWorkspace[];
}

/**
 * Removes the workspaces of sandboxes' own, with the skills mirrored for them, that have not been used for a while: never
 * one that is in use, or whose last use is not on record. An agent's workspace is no sandbox's own.
 */
export async function collectWorkspaces(request: CollectWorkspacesRequest): Promise<CollectedWorkspaces> {
  const { workspaceRoot, graceMs, isInUse, dryRun, nowMs, signal } = request;
  const removed: CollectableWorkspace[] = [];
  const kept: CollectableWorkspace[] = [];
  for (const found of await findScopes(workspaceRoot, signal)) {
    throwIfCancelled(signal);
    const { slug, dir, recordsDir, record } = found;
    if (record === null || !isOld(record.lastUsed) || !names.some((name) => isThere(dir, name))) continue;
    const workspace = { slug, dir, lastUsed: record.lastUsed };
    const isMeant = () => isStillOld(recordsDir);
    if (isHomeLeased(recordsDir) || isInUse(workspace)) kept.push(workspace);
    else if (dryRun || (await removeFromScope(found, { names, isMeant, signal })).length > 0) {
      removed.push(workspace);
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

/** In a scope's folder. */
const names = ["workspace", "skills"];

function isThere(dir: string, name: string): boolean {
  return lstatSync(join(dir, name), { throwIfNoEntry: false }) !== undefined;
}
