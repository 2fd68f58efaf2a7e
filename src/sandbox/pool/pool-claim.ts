import { readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { currentRun } from "../../engine/run-identity.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { closeFolder, openFolder } from "../../host/open-folder.ts";
import { parseJson } from "../../host/parse-json.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { createFileIn } from "../../host/write-in-folder.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import type { Scope } from "../scope.ts";
import type { ScopeFolder } from "../scope-folder.ts";
import { poolFolder } from "./pool-entry.ts";

/** `records/pool-claim.json`: whose an entry of the pool is. Labels cannot be changed, so this file says it. */
export interface PoolClaim {
  readonly id: string;
  readonly scope: Scope;
  /** Who claimed it: see `currentRun`. */
  readonly run: string;
}

const fileName = "pool-claim.json";
const format = "skillcrate/pool-claim@1";
const maxClaimBytes = 100_000;

/** Null: the folder is no claimed entry's, or that cannot be read any more. */
export function readPoolClaim(recordsDir: string): PoolClaim | null {
  const read = readRegularFile(join(recordsDir, fileName), maxClaimBytes);
  const claim = read.ok ? asObject(parseJson(read.bytes.toString("utf8"))) : null;
  const value = (key: string) => ownValue(claim, key);
  const [id, kind, key, run] = [value("id"), value("kind"), value("key"), value("run")];
  if (value("format") !== format || kind !== "session") return null;
  if (typeof id !== "string" || typeof key !== "string" || typeof run !== "string") return null;
  return /^[0-9a-f]{32}$/.test(id) ? { id, scope: { kind, key }, run } : null;
}

/** Of several who claim one entry one gets true; so does nobody where it is gone. */
export function writePoolClaim(recordsDir: string, id: string, { kind, key }: Scope): boolean {
  const opened = openFolder(recordsDir);
  if (!opened.ok) return false;
  try {
    const claim = { format, id, kind, key, run: currentRun() };
    const attributes = { mode: 0o600, owner: null };
    return createFileIn(opened.folder, fileName, `${JSON.stringify(claim, null, 2)}\n`, attributes);
  } finally {
    closeFolder(opened.folder);
  }
}

/**
 * The claim by which a scope has a container of the pool; null: it has none. The engine knows the container's folders by the
 * entry's name, which leads to the scope's folder: made sure of here, since whoever claimed it may have been killed
 * before.
 */
export function findPoolClaim(
  workspaceRoot: string,
  { dir, recordsDir, scope }: ScopeFolder,
): PoolClaim | null {
  const claim = readPoolClaim(recordsDir);
  if (claim === null || claim.scope.kind !== scope.kind || claim.scope.key !== scope.key) return null;
  linkEntry(workspaceRoot, claim.id, dir);
  return claim;
}

/** Lets an entry's name lead to a scope's folder. */
export function linkEntry(workspaceRoot: string, id: string, dir: string): void {
  const path = poolFolder(workspaceRoot, id).dir;
  const target = basename(dir);
  const found = readLinkOrNull(path);
  if (found === target) return;
  const staged = `${path}.new`;
  rmSync(staged, { force: true });
  symlinkSync(target, staged);
  renameSync(staged, path);
}

/** For a scope whose container is its own from now on. */
export function forgetPoolClaim(workspaceRoot: string, { recordsDir }: ScopeFolder, id: string): void {
  rmSync(join(recordsDir, fileName), { force: true });
  unlinkEntry(workspaceRoot, id);
}

/** Takes the name of an entry away that leads to a scope's folder; what is no link stays. */
export function unlinkEntry(workspaceRoot: string, id: string): void {
  const path = poolFolder(workspaceRoot, id).dir;
  if (readLinkOrNull(path) !== null) rmSync(path, { force: true });
}

/** Null: nothing is there, or no link. */
export function readLinkOrNull(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== "ENOENT" && code !== "EINVAL") throw error;
    return null;
  }
}
