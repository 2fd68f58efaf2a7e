import { lstatSync } from "node:fs";
import { join } from "node:path";
import { isDeadRun } from "../../engine/run-identity.ts";
import { type Scope, scopeSlug } from "../scope.ts";
import { readLinkOrNull, readPoolClaim } from "./pool-claim.ts";
import { listWaiting, poolFolder } from "./pool-entry.ts";

/**
 * What a container of the pool is: `making`: not ready, or its maker has ended; `waiting`; `claimed`: a session's sandbox;
 * `lost`: nobody's any more, since its claim, its folder, or the process that was claiming it is gone.
 */
export type PoolState = "making" | "waiting" | "claimed" | "lost";

/** `scope`: whose it is by now; null unless it is claimed. */
export interface PoolEntry {
  readonly state: PoolState;
  readonly scope: Scope | null;
}

/** What has become of the entry that a container was made for, by what is on the disk. */
export function lookUpEntry(workspaceRoot: string, id: string): PoolEntry {
  const { dir, recordsDir } = poolFolder(workspaceRoot, id);
  const target = readLinkOrNull(dir);
  if (target !== null) {
    const claim = isName(target) ? readPoolClaim(join(workspaceRoot, target, "records")) : null;
    const isIts = claim !== null && claim.id === id && scopeSlug(claim.scope) === target;
    return isIts ? { state: "claimed", scope: claim.scope } : { state: "lost", scope: null };
  }
  if (lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true)
    return { state: "lost", scope: null };
  const claim = readPoolClaim(recordsDir);
  const isReady = listWaiting(workspaceRoot).some((entry) => entry.id === id);
  if (claim === null) return { state: isReady ? "waiting" : "making", scope: null };
  // One that lost its place to a scope's folder is claimed by a process that lives, and stays here.
  return {
    state: isDeadRun(claim.run) || hasOwnFolder(workspaceRoot, claim.scope) ? "lost" : "waiting",
    scope: null,
  };
}

function hasOwnFolder(workspaceRoot: string, scope: Scope): boolean {
  return lstatSync(join(workspaceRoot, scopeSlug(scope)), { throwIfNoEntry: false }) !== undefined;
}

function isName(target: string): boolean {
  return target !== "" && target !== "." && target !== ".." && !target.includes("/");
}
