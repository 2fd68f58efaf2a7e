import {
  chmodSync,
  existsSync,
  fsync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../host/file-problem.ts";
import { closeFolder, type OpenFolder } from "../host/open-folder.ts";
import { createPace, type Pace } from "../host/pace.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import { withLock } from "../host/with-lock.ts";
import { collectGenerations, noteShown } from "./collect-generations.ts";
import { openContentStore } from "./content-store.ts";
import { flushDisk } from "./flush-disk.ts";
import { describeGeneration } from "./generation.ts";
import { mirrorFailure } from "./mirror-failure.ts";
import { hasVersion, isFolder, linkTarget, type MirrorPaths, mirrorNames, pathsIn } from "./mirror-paths.ts";
import type { Generation, MirrorRequest, MirrorResult } from "./mirror-request.ts";
import { makeTarget, openTarget } from "./mirror-target.ts";
import { readLiveId } from "./read-live-id.ts";
import type { WritingGround } from "./resolve-skill.ts";
import { type ResolvedSkills, resolveSkills, sourceRecordsDir } from "./resolve-skills.ts";
import { versionName } from "./skill-entry.ts";
import { stageGeneration } from "./stage-generation.ts";
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

/** Whether everything stands where a reader looks for it: somebody may have cleaned up. */
function showsAll(paths: MirrorPaths, { id, skills }: Generation): boolean {
  return (
    existsSync(paths.manifest(id)) &&
    isFolder(paths.versions) &&
    skills.every(
      ({ folder, sha256 }) =>
        linkTarget(paths.skill(folder)) === `${mirrorNames.live}/${folder}` && hasVersion(paths, sha256),
    )
  );
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
        buffer: Buffer.allocUnsafe(bufferBytes),
        exactModes: staging.exactModes,
        pace,
      };
      const resolved = await resolveSkills(request, target, writing, pace);
      if (resolved === null) throw new Error("a run that may write leaves nothing unread");
      const generation = describeGeneration(resolved.skills);
      const changed = readLiveId(paths) !== generation.id;
      await show(request, target, resolved, generation, writing);
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

/** Files up to this size are read by one call. */
const bufferBytes = 1024 * 1024;

/** Everything is made and on the disk before the one rename that shows it. */
async function show(
  request: MirrorRequest,
  target: OpenFolder,
  { skills }: ResolvedSkills,
  generation: Generation,
  { paths, staging, store, pace }: WritingGround,
): Promise<void> {
  for (const { stagedDir, sha256 } of skills) {
    const version = paths.version(versionName(sha256));
    // Two skills of one request may be equal.
    if (stagedDir !== null && !isFolder(version)) renameSync(stagedDir, version);
  }
  const isNew = !existsSync(paths.manifest(generation.id));
  if (isNew) {
    // One that somebody took the manifest from.
    rmSync(paths.generation(generation.id), { recursive: true, force: true });
    const dir = staging.next();
    await stageGeneration(dir, generation, skills, pace);
    renameSync(dir, paths.generation(generation.id));
  }
  for (const { folder } of generation.skills) linkSkill(request, paths, folder);
  if (isNew || skills.some(({ stagedDir }) => stagedDir !== null))
    await flushDisk(target, request.recordsDir);
  throwIfCancelled(request.signal);
  for (const { stagedDir, sha256, entries } of skills) {
    if (stagedDir === null) continue;
    for (const entry of entries) {
      if (entry.type === "file") store.keep(entry, `${paths.version(versionName(sha256))}/${entry.path}`);
      if (pace.isDue()) await pace.rest();
    }
  }
  if (readLiveId(paths) !== generation.id) {
    const link = staging.next();
    symlinkSync(`${mirrorNames.generations}/${generation.id}`, link);
    renameSync(link, paths.live);
    await promisify(fsync)(target.fd);
    noteShown(request.recordsDir, generation.id);
  }
  unlinkOthers(paths, generation);
}

function linkSkill(request: MirrorRequest, paths: MirrorPaths, folder: string): void {
  const path = paths.skill(folder);
  if (linkTarget(path) === `${mirrorNames.live}/${folder}`) return;
  try {
    symlinkSync(`${mirrorNames.live}/${folder}`, path);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    throw new SkillcrateError(
      "MIRROR_TARGET_FOREIGN",
      `Skills are not mirrored into ${quoteValue(request.targetDir)}: it holds ${quoteValue(folder)}, which this tool did not put there.`,
      { hint: "Move it away; only the mirror writes into its folder." },
    );
  }
}

function unlinkOthers(paths: MirrorPaths, { skills }: Generation): void {
  const shown = new Set(skills.map(({ folder }) => folder));
  for (const name of readdirSync(paths.root)) {
    const path = paths.skill(name);
    if (!shown.has(name) && linkTarget(path) === `${mirrorNames.live}/${name}`) rmSync(path, { force: true });
  }
}

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
    visited: [...visited, join(request.targetDir, mirrorNames.live)],
  };
}
