import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { closeFolder } from "../host/open-folder.ts";
import { createPace, type Pace } from "../host/pace.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import { withLock } from "../host/with-lock.ts";
import { collectGenerations } from "./collect-generations.ts";
import { openContentStore } from "./content-store.ts";
import { describeGeneration } from "./generation.ts";
import { mirrorFailure } from "./mirror-failure.ts";
import { isFolder, mirrorNames, pathsIn } from "./mirror-paths.ts";
import type { Generation, MirrorRequest, MirrorResult } from "./mirror-request.ts";
import { makeTarget, openTarget } from "./mirror-target.ts";
import { readLiveId } from "./read-live-id.ts";
import type { WritingGround } from "./resolve-skill.ts";
import { type ResolvedSkills, resolveSkills, sourceRecordsDir } from "./resolve-skills.ts";
import { showGeneration, showsAll } from "./show-generation.ts";
import { closeStaging, openStaging } from "./staging.ts";

/**
 * Shows exactly these skills in `targetDir`, whole, by one rename; copies only what was changed since the last time.
 * Where nothing was, nothing is written. Of several callers at once one works and the others find its result.
 *
 * Skills that cannot be mirrored are in `refused`, the others are shown. Throws `MIRROR_TARGET_FOREIGN` where something
 * else is at `targetDir`, `MIRROR_NO_SPACE`, `MIRROR_NO_DESCRIPTORS`, `MIRROR_NOT_WRITABLE` or `MIRROR_FAILED` where the
 * disk does not let it (what was live stays live), `CANCELLED` on the signal.
 */
export async function publishSkills(request: MirrorRequest): Promise<MirrorResult> {
  try {
    throwIfCancelled(request.signal);
    const pace = createPace(request.signal);
    const unchanged = await lookOnly(request, pace);
    if (unchanged !== null) return unchanged;
    const options = request.signal === undefined ? {} : { signal: request.signal };
    return await withLock(request.recordsDir, "mirror", () => publish(request, pace), options);
  } catch (error) {
    throw mirrorFailure(request.targetDir, error);
  }
}

/** The result where what is live is what it should be; null where something must be written. */
async function lookOnly(request: MirrorRequest, pace: Pace): Promise<MirrorResult | null> {
  const target = openTarget(request);
  if (target === null) return null;
  try {
    const paths = pathsIn(target);
    const live = readLiveId(paths);
    if (live === null) return null;
    const resolved = await resolveSkills(request, target, null, pace);
    if (resolved === null) return null;
    const generation = describeGeneration(resolved.skills);
    if (generation.id !== live || !showsAll(paths, generation)) return null;
    return toResult(request, resolved, generation, false);
  } finally {
    closeFolder(target);
  }
}

async function publish(request: MirrorRequest, pace: Pace): Promise<MirrorResult> {
  const target = makeTarget(request);
  try {
    const paths = pathsIn(target);
    for (const dir of [paths.versions, paths.generations]) makeReadableFolder(dir);
    mkdirSync(sourceRecordsDir(request), { recursive: true, mode: 0o700 });
    const staging = await openStaging(paths);
    try {
      const keep = request.keepGenerations ?? 1;
      const collect = { paths, recordsDir: request.recordsDir, staging, keep };
      // What a run that was interrupted left is not to be taken for whole.
      await collectGenerations(collect);
      const store = openContentStore({
        storeDir: request.storeDir,
        sandboxUid: request.sandboxUid,
        stagingDir: staging.dir,
      });
      const writing: WritingGround = {
        paths,
        staging,
        store,
        buffer: createBuffer(),
        exactModes: staging.exactModes,
        pace,
      };
      const resolved = await resolveSkills(request, target, writing, pace);
      if (resolved === null) throw new Error("a run that may write leaves nothing unread");
      const generation = describeGeneration(resolved.skills);
      const changed = readLiveId(paths) !== generation.id;
      await showGeneration(request, target, resolved, generation, writing);
      if (changed && (await collectGenerations(collect))) await store.sweep(pace);
      return toResult(request, resolved, generation, changed);
    } finally {
      await closeStaging(paths);
    }
  } finally {
    closeFolder(target);
  }
}

/** Whatever the process's umask says: sandboxes have another user. */
function makeReadableFolder(path: string): void {
  if (isFolder(path)) return;
  rmSync(path, { force: true });
  mkdirSync(path);
  chmodSync(path, 0o755);
}

/** Made for the first file that is copied: where other scopes have the same skills, there is none. */
function createBuffer(): () => Buffer {
  let buffer: Buffer | null = null;
  return () => {
    buffer ??= Buffer.allocUnsafe(bufferBytes);
    return buffer;
  };
}

/** Files below this size are read by one call. */
const bufferBytes = 256 * 1024;

function toResult(
  request: MirrorRequest,
  { skills, refused, diagnostics, visited }: ResolvedSkills,
  generation: Generation,
  changed: boolean,
): MirrorResult {
  return {
    generation,
    changed,
    copied: {
      files: skills.reduce((sum, { copied }) => sum + copied.files, 0),
      bytes: skills.reduce((sum, { copied }) => sum + copied.bytes, 0),
    },
    refused,
    diagnostics,
    visited: visited === null ? [] : [...new Set(visited), join(request.targetDir, mirrorNames.live)],
  };
}
