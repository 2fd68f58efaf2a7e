import { lstatSync } from "node:fs";
import { join } from "node:path";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { readScopeRecord } from "../scope-record.ts";
import { findScopes } from "./find-scope.ts";
import { homeFolderNames } from "./home-paths.ts";
import { isHomeLeased } from "./is-home-leased.ts";
import { removeFound } from "./remove-home.ts";

export interface CollectHomesRequest {
  readonly workspaceRoot: string;
  /** Homes that nobody has used for this long go. */
  readonly graceMs: number;
  /** Whether a sandbox with this folder still exists: what only the caller can know. Default: none does. */
  readonly isInUse?: (home: CollectableHome) => boolean | Promise<boolean>;
  /** Say what would be removed. */
  readonly dryRun?: boolean;
  /** The time, in milliseconds since 1970; default: the clock. */
  readonly nowMs?: number;
  readonly signal?: AbortSignal;
}

export interface CollectableHome {
  readonly slug: string;
  /** The scope's folder on the host: a sandbox's mounts lie below it. */
  readonly dir: string;
  readonly lastUsed: string;
}

export interface CollectedHomes {
  readonly removed: readonly CollectableHome[];
  /** Old enough, and in use all the same. */
  readonly kept: readonly CollectableHome[];
}

/**
 * Removes the homes that have not been used for a while. Never one that is in use, that is used between the look and
 * the removal, or whose last use is not on record.
 */
export async function collectHomes(request: CollectHomesRequest): Promise<CollectedHomes> {
  const { workspaceRoot, graceMs, isInUse, dryRun = false, nowMs = Date.now(), signal } = request;
  const removed: CollectableHome[] = [];
  const kept: CollectableHome[] = [];
  for (const found of await findScopes(workspaceRoot, signal)) {
    throwIfCancelled(signal);
    const { slug, dir, recordsDir, record } = found;
    if (record === null || !isOld(record.lastUsed, nowMs, graceMs)) continue;
    const home = { slug, dir, lastUsed: record.lastUsed };
    if (isHomeLeased(recordsDir) || (isInUse !== undefined && (await isInUse(home)))) {
      kept.push(home);
    } else if (dryRun ? hasHome(dir) : await removeFound(found, signal, () => isStillOld(recordsDir))) {
      removed.push(home);
    }
  }
  return { removed, kept };

  /** Looked at again under the lock. */
  function isStillOld(recordsDir: string): boolean {
    const read = readScopeRecord(recordsDir);
    return read.kind === "record" && isOld(read.record.lastUsed, nowMs, graceMs) && !isHomeLeased(recordsDir);
  }
}

function isOld(lastUsed: string, nowMs: number, graceMs: number): boolean {
  return nowMs - Date.parse(lastUsed) > graceMs;
}

function hasHome(dir: string): boolean {
  return homeFolderNames.some((name) => lstatSync(join(dir, name), { throwIfNoEntry: false }) !== undefined);
}
