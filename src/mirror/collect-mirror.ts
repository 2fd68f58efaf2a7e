import { lstatSync } from "node:fs";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { listOrNone } from "../host/list-or-none.ts";
import { closeFolder } from "../host/open-folder.ts";
import { createPace } from "../host/pace.ts";
import { withLock } from "../host/with-lock.ts";
import { collectGenerations } from "./collect-generations.ts";
import { openContentStore } from "./content-store.ts";
import { readClaims } from "./leases.ts";
import { mirrorFailure } from "./mirror-failure.ts";
import { type MirrorPaths, pathsIn } from "./mirror-paths.ts";
import type { MirrorRequest } from "./mirror-request.ts";
import { openTarget } from "./mirror-target.ts";
import { isGenerationId, readLiveId } from "./read-live-id.ts";
import { closeStaging, openStaging } from "./staging.ts";

export interface CollectMirrorRequest
  extends Pick<MirrorRequest, "targetDir" | "recordsDir" | "storeDir" | "sandboxUid"> {
  /** Readers without a lease, who began before the last change, have so long. */
  readonly patienceMs: number;
  readonly dryRun: boolean;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Ids of generations that are not live. */
export interface CollectedGenerations {
  readonly removed: readonly string[];
  /** Leased. */
  readonly kept: readonly string[];
}

/**
 * Removes the generations that are not live and that nobody has a lease on, with the skills and contents that nothing
 * else refers to. What is no mirror of this `recordsDir` is left alone. Throws what {@link publishSkills} throws of disks.
 */
export async function collectMirror(request: CollectMirrorRequest): Promise<CollectedGenerations> {
  try {
    const due = await withMirror(request, async (paths) => findDue(paths, request));
    if (request.dryRun || due.removed.length === 0) return due;
    const options = request.signal === undefined ? {} : { signal: request.signal };
    const collectAlone = () => withMirror(request, (paths) => collect(paths, request));
    return await withLock(request.recordsDir, "mirror", collectAlone, options);
  } catch (error) {
    // Whatever else stands there is not ours to look after.
    if (error instanceof SkillcrateError && error.code === "MIRROR_TARGET_FOREIGN") return none;
    throw mirrorFailure(request.targetDir, error);
  }
}

const none: CollectedGenerations = { removed: [], kept: [] };

async function withMirror(
  request: CollectMirrorRequest,
  task: (paths: MirrorPaths) => Promise<CollectedGenerations>,
): Promise<CollectedGenerations> {
  const target = openTarget(request);
  if (target === null) return none;
  try {
    return await task(pathsIn(target));
  } finally {
    closeFolder(target);
  }
}

function findDue(
  paths: MirrorPaths,
  { recordsDir, patienceMs, nowMs }: CollectMirrorRequest,
): CollectedGenerations {
  const live = readLiveId(paths);
  // Without it nobody knows what is shown.
  if (live === null || nowMs - lstatSync(paths.live).mtimeMs < patienceMs) return none;
  const leased = readClaims(recordsDir, "lease");
  const others = listOrNone(paths.generations).filter((id) => isGenerationId(id) && id !== live);
  return {
    removed: others.filter((id) => !leased.has(id)),
    kept: others.filter((id) => leased.has(id)),
  };
}

async function collect(paths: MirrorPaths, request: CollectMirrorRequest): Promise<CollectedGenerations> {
  const { recordsDir, storeDir, sandboxUid, signal } = request;
  // Looked at again: somebody may have shown another one meanwhile.
  const due = findDue(paths, request);
  if (due.removed.length === 0) return due;
  const staging = await openStaging(paths);
  try {
    const versionsGone = await collectGenerations({ paths, recordsDir, staging, keep: 0 });
    const store = openContentStore({ storeDir, sandboxUid, stagingDir: staging.dir });
    if (versionsGone) await store.sweep(createPace(signal));
  } finally {
    await closeStaging(paths);
  }
  const left = new Set(listOrNone(paths.generations));
  const leasedSince = due.removed.filter((id) => left.has(id));
  return { removed: due.removed.filter((id) => !left.has(id)), kept: [...due.kept, ...leasedSince] };
}
