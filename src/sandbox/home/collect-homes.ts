import { type CollectableFolder, type CollectedFolders, collectUnused } from "../collect-unused.ts";
import { homeFolderNames } from "./home-paths.ts";
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

export type CollectableHome = CollectableFolder;
export type CollectedHomes = CollectedFolders;

/**
 * Removes the homes that have not been used for a while. Never one that is in use, that is used between the look and
 * the removal, or whose last use is not on record.
 */
export function collectHomes(request: CollectHomesRequest): Promise<CollectedHomes> {
  const { isInUse = () => false, dryRun = false, nowMs = Date.now(), signal } = request;
  return collectUnused({
    ...request,
    ...{ names: homeFolderNames, isInUse, dryRun, nowMs },
    remove: (scope, isMeant) => removeFound(scope, signal, isMeant),
  });
}
