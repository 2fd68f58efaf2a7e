import { existsSync, fsync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { promisify } from "node:util";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../host/file-problem.ts";
import type { OpenFolder } from "../host/open-folder.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import { noteShown } from "./collect-generations.ts";
import type { FileContent } from "./content-store.ts";
import { flushDisk } from "./flush-disk.ts";
import { hasVersion, isFolder, linkTarget, type MirrorPaths, mirrorNames } from "./mirror-paths.ts";
import type { Generation, MirrorRequest } from "./mirror-request.ts";
import { readLiveId } from "./read-live-id.ts";
import type { WritingGround } from "./resolve-skill.ts";
import type { ResolvedSkills } from "./resolve-skills.ts";
import { versionName } from "./skill-entry.ts";
import { stageGeneration } from "./stage-generation.ts";

/** Everything is made and on the disk before the one rename that shows it. */
export async function showGeneration(
  request: MirrorRequest,
  target: OpenFolder,
  { skills }: ResolvedSkills,
  generation: Generation,
  writing: WritingGround,
): Promise<void> {
  const { paths, staging, store, pace } = writing;
  for (const { stagedDir, sha256 } of skills) {
    const version = paths.version(versionName(sha256));
    // Two skills of one request may be equal.
    if (stagedDir !== null && !isFolder(version)) renameSync(stagedDir, version);
    if (pace.isDue()) await pace.rest();
  }
  let manifest: FileContent | null = null;
  if (!existsSync(paths.manifest(generation.id))) {
    // One that somebody took the manifest from.
    rmSync(paths.generation(generation.id), { recursive: true, force: true });
    const dir = staging.next();
    manifest = await stageGeneration(dir, generation, skills, writing);
    renameSync(dir, paths.generation(generation.id));
  }
  for (const { folder } of generation.skills) {
    linkSkill(request, paths, folder);
    if (pace.isDue()) await pace.rest();
  }
  if (manifest !== null || skills.some(({ stagedDir }) => stagedDir !== null))
    await flushDisk(target, request.recordsDir);
  throwIfCancelled(request.signal);
  if (manifest !== null) store.keep(manifest, paths.manifest(generation.id));
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
  for (const name of otherNames(paths, generation)) {
    rmSync(paths.skill(name), { force: true });
    if (pace.isDue()) await pace.rest();
  }
}

function linkSkill(request: MirrorRequest, paths: MirrorPaths, folder: string): void {
  const path = paths.skill(folder);
  if (linkTarget(path) === stableTarget(folder)) return;
  try {
    symlinkSync(stableTarget(folder), path);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    throw new SkillcrateError(
      "MIRROR_TARGET_FOREIGN",
      `Skills are not mirrored into ${quoteValue(request.targetDir)}: it holds ${quoteValue(folder)}, which this tool did not put there.`,
      { hint: "Move it away; only the mirror writes into its folder." },
    );
  }
}

/** Stable names of skills that are not shown any more. */
function otherNames(paths: MirrorPaths, { skills }: Generation): string[] {
  const shown = new Set(skills.map(({ folder }) => folder));
  return readdirSync(paths.root).filter(
    (name) => !shown.has(name) && linkTarget(paths.skill(name)) === stableTarget(name),
  );
}

function stableTarget(folder: string): string {
  return `${mirrorNames.live}/${folder}`;
}

/** Whether everything stands where a reader looks for it, and no run was interrupted before it had cleaned up. */
export function showsAll(paths: MirrorPaths, generation: Generation): boolean {
  return (
    existsSync(paths.manifest(generation.id)) &&
    !existsSync(paths.staging) &&
    isFolder(paths.versions) &&
    generation.skills.every(
      ({ folder, sha256 }) =>
        linkTarget(paths.skill(folder)) === stableTarget(folder) && hasVersion(paths, sha256),
    ) &&
    otherNames(paths, generation).length === 0
  );
}
