import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "../host/file-problem.ts";
import { listOrNone } from "../host/list-or-none.ts";
import { thisProcess } from "../host/process-identity.ts";
import { dropClaim, readClaims, writeClaim } from "./leases.ts";
import { isFolder, linkTarget, type MirrorPaths } from "./mirror-paths.ts";
import { readLiveId } from "./read-live-id.ts";
import type { Staging } from "./staging.ts";

export interface CollectOptions {
  readonly paths: MirrorPaths;
  readonly recordsDir: string;
  readonly staging: Staging;
  /** How many that were live before stay, besides leased ones. */
  readonly keep: number;
}

/**
 * Removes generations that are not live, not leased and not among those that were live last, and the versions that
 * none of the others refers to; gives whether there were any. The caller holds the lock.
 */
export async function collectGenerations({
  paths,
  recordsDir,
  staging,
  keep,
}: CollectOptions): Promise<boolean> {
  const live = readLiveId(paths);
  const kept = new Set(
    readShown(recordsDir)
      .filter((id) => id !== live)
      .slice(0, keep),
  );
  if (live !== null) kept.add(live);
  for (const id of listOrNone(paths.generations)) {
    if (!kept.has(id) && !removeGeneration(id, { paths, recordsDir, staging })) kept.add(id);
  }
  const used = new Set([...kept].flatMap((id) => versionsOf(paths.generation(id))));
  let removed = false;
  for (const version of listOrNone(paths.versions)) {
    if (used.has(version) && isFolder(paths.version(version))) continue;
    const moved = staging.next();
    renameSync(paths.version(version), moved);
    await rm(moved, { recursive: true, force: true });
    removed = true;
  }
  return removed;
}

/** Whether it is gone; false: somebody holds it. */
function removeGeneration(
  id: string,
  { paths, recordsDir, staging }: Pick<CollectOptions, "paths" | "recordsDir" | "staging">,
): boolean {
  if (readClaims(recordsDir, "lease").has(id)) return false;
  const claim = writeClaim(recordsDir, "removal", id);
  try {
    // The claim first, then the look: whoever takes a lease does it the other way round.
    if (readClaims(recordsDir, "lease").has(id)) return false;
    const moved = staging.next();
    renameSync(paths.generation(id), moved);
    rmSync(moved, { recursive: true, force: true });
    return true;
  } finally {
    dropClaim(claim);
  }
}

function versionsOf(generationDir: string): string[] {
  // The manifest is no link.
  return listOrNone(generationDir).flatMap(
    (name) => linkTarget(`${generationDir}/${name}`)?.split("/").slice(-1) ?? [],
  );
}

/** Notes that a generation is live from now on. */
export function noteShown(recordsDir: string, id: string): void {
  const shown = [id, ...readShown(recordsDir).filter((other) => other !== id)].slice(0, mostRemembered);
  const path = shownFile(recordsDir);
  writeFileSync(`${path}.new`, JSON.stringify({ space: thisProcess().space, shown }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

const mostRemembered = 100;

/**
 * Ids of generations that were live, the last one first. Empty after a restart of the machine: what was not live then
 * may have been cut off by a power failure.
 */
function readShown(recordsDir: string): readonly string[] {
  try {
    const { space, shown } = JSON.parse(readFileSync(shownFile(recordsDir), "utf8")) as Record<
      string,
      unknown
    >;
    return space === thisProcess().space && Array.isArray(shown) ? shown.map(String) : [];
  } catch (error) {
    if (error instanceof SyntaxError || errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}

function shownFile(recordsDir: string): string {
  return join(recordsDir, "generations.json");
}
