import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../../host/file-problem.ts";
import type { Scope } from "../scope.ts";
import { type ScopeFolder, scopeFolder } from "../scope-folder.ts";

/*
 * A sandbox that waits in the pool is the sandbox of a scope that no session has. Its folder is a scope's folder; beside
 * those there is one folder with a file for each that waits, whose name says what it was made for:
 *
 *     <workspaceRoot>/pool-…/          the entry; a link to the scope's folder once it is claimed
 *     <workspaceRoot>/.pool/KEY.ID     it is ready, for whoever asks for the same
 */

/** No session's key looks like this: an agent comes first in those. `id`: 32 hex digits. */
export function poolScope(id: string): Scope {
  return { kind: "session", key: `pool:${id}` };
}

export function poolFolder(workspaceRoot: string, id: string): ScopeFolder {
  return scopeFolder(workspaceRoot, poolScope(id));
}

/** Where locks of the pool are, too. */
export function poolDir(workspaceRoot: string): string {
  return join(workspaceRoot, ".pool");
}

/** One that is ready to be claimed. */
export interface WaitingEntry {
  /** Of everything that decides what it is: see `poolKey`. */
  readonly key: string;
  readonly id: string;
}

/** In the order of the disk; empty where there is no pool. */
export function listWaiting(workspaceRoot: string): readonly WaitingEntry[] {
  return readNames(poolDir(workspaceRoot)).flatMap((name) => {
    const [, key, id] = /^([0-9a-f]{64})\.([0-9a-f]{32})$/.exec(name) ?? [];
    return key === undefined || id === undefined ? [] : [{ key, id }];
  });
}

export function announceEntry(workspaceRoot: string, entry: WaitingEntry): void {
  mkdirSync(poolDir(workspaceRoot), { recursive: true, mode: 0o700 });
  writeFileSync(readyFile(workspaceRoot, entry), "", { mode: 0o600 });
}

export function withdrawEntry(workspaceRoot: string, entry: WaitingEntry): void {
  rmSync(readyFile(workspaceRoot, entry), { force: true });
}

function readyFile(workspaceRoot: string, { key, id }: WaitingEntry): string {
  return join(poolDir(workspaceRoot), `${key}.${id}`);
}

function readNames(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    return [];
  }
}
