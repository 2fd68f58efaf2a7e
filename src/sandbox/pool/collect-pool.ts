import { existsSync, lstatSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { closeFolder, openFolder } from "../../host/open-folder.ts";
import { removeTreeIn } from "../../host/remove-in.ts";
import { readLinkOrNull, writePoolClaim } from "./pool-claim.ts";
import { listWaiting, poolFolder, poolScope, withdrawEntry } from "./pool-entry.ts";

export interface CollectPoolRequest {
  /** Absolute. */
  readonly workspaceRoot: string;
  /** Entries that have a container. */
  readonly standing: readonly string[];
  /** Entries whose container was nobody's and is removed. */
  readonly gone: readonly string[];
  /** When it was asked which containers there are, in milliseconds since 1970: what is newer may have one. */
  readonly listedMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Removes what is left of the pool without a container: the names that led to it, and folders that no session ever had. A
 * session's own folder stays.
 */
export async function collectPool(written: CollectPoolRequest): Promise<void> {
  if (!existsSync(written.workspaceRoot)) return;
  const request = { ...written, workspaceRoot: realpathSync.native(written.workspaceRoot) };
  const { workspaceRoot, standing, gone } = request;
  const ids = new Set(standing);
  for (const entry of listWaiting(workspaceRoot)) {
    if (ids.has(entry.id) || !isOlder(poolFolder(workspaceRoot, entry.id).dir, request)) continue;
    withdrawEntry(workspaceRoot, entry);
    // Whoever claims it first may go on with it.
    const { recordsDir } = poolFolder(workspaceRoot, entry.id);
    if (writePoolClaim(recordsDir, entry.id, poolScope(entry.id))) await removeEntry(entry.id, request);
  }
  for (const id of gone) await removeEntry(id, request);
  const slugs = new Set(standing.map((id) => poolFolder(workspaceRoot, id).slug));
  for (const name of readdirSync(workspaceRoot)) {
    const path = join(workspaceRoot, name);
    if (!entryGrammar.test(name) || slugs.has(name) || readLinkOrNull(path) === null) continue;
    if (isOlder(path, request)) rmSync(path, { force: true });
  }
}

/** As `scopeSlug` makes them of an entry's key. */
const entryGrammar = /^pool-[0-9a-f]{27}-[0-9a-f]{32}$/;

async function removeEntry(id: string, { workspaceRoot, signal }: CollectPoolRequest): Promise<void> {
  const { slug, dir } = poolFolder(workspaceRoot, id);
  if (lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const root = openFolder(workspaceRoot);
  if (!root.ok) return;
  try {
    await removeTreeIn(root.folder, slug, signal);
  } finally {
    closeFolder(root.folder);
  }
}

/** File systems count time in ticks. */
function isOlder(path: string, { listedMs }: CollectPoolRequest): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats === undefined || stats.ctimeMs < listedMs - tickMs;
}

const tickMs = 20;
