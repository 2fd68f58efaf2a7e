import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { closeFolder, type OpenFolder } from "../host/open-folder.ts";
import type { SkillFolders } from "../host/open-skill-folders.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import type { PlacedSkill } from "./assign-folders.ts";
import type { CopyGround } from "./copy-file.ts";
import { copySkill } from "./copy-skill.ts";
import { mirroredMode, settledAtMs } from "./file-stamp.ts";
import { judgeLinks } from "./judge-links.ts";
import type { LeftOut } from "./left-out.ts";
import { hasVersion, type MirrorPaths } from "./mirror-paths.ts";
import type { GenerationSkill } from "./mirror-request.ts";
import { changing, type Refusal, refusalDiagnostic, unopened } from "./refusal.ts";
import { hashSkill, type SkillEntry, versionName } from "./skill-entry.ts";
import { readSkillRecord, recordedHash, type SkillRecord, writeSkillRecord } from "./skill-record.ts";
import type { Staging } from "./staging.ts";
import { type Survey, type SurveyedFolder, type SurveyOptions, surveySkill } from "./survey-skill.ts";

/** A skill whose whole content is known. */
export interface ResolvedSkill extends GenerationSkill {
  readonly entries: readonly SkillEntry[];
  readonly leftOut: readonly LeftOut[];
  /** Files, links and folders, as limits count them. */
  readonly entryCount: number;
  /** A copy that the mirror does not hold yet; null: it does. */
  readonly stagedDir: string | null;
  readonly copied: { readonly files: number; readonly bytes: number };
}

export type Resolution =
  | { readonly kind: "resolved"; readonly skill: ResolvedSkill }
  | { readonly kind: "refused"; readonly diagnostic: Diagnostic }
  /** Something must be read, and this was only a look. */
  | { readonly kind: "unread" };

export interface ResolveGround extends SurveyOptions {
  readonly folders: SkillFolders;
  readonly sourceRecordsDir: string;
  /** Null: only look, and write nothing. */
  readonly writing: WritingGround | null;
  readonly signal: AbortSignal | undefined;
}

export interface WritingGround extends CopyGround {
  readonly paths: MirrorPaths;
  readonly staging: Staging;
}

/** Finds out what a skill holds, reading only what was changed since it was read last. */
export async function resolveSkill(placed: PlacedSkill, ground: ResolveGround): Promise<Resolution> {
  for (let attempt = 1; ; attempt += 1) {
    const tried = await tryToResolve(placed, ground);
    if (tried.kind !== "refused") return tried;
    const { refusal } = tried;
    if (refusal.passing !== true || attempt === attempts)
      return { kind: "refused", diagnostic: refusalDiagnostic(placed.skill, refusal) };
    if (ground.writing === null) return { kind: "unread" };
    await pause(pauseMs * attempt, ground.signal);
  }
}

/** A skill that is being installed or edited is whole again after a moment; one that never rests is not waited for. */
const attempts = 5;
const pauseMs = 10;

type Tried =
  | Exclude<Resolution, { kind: "refused" }>
  | { readonly kind: "refused"; readonly refusal: Refusal };

async function tryToResolve(placed: PlacedSkill, ground: ResolveGround): Promise<Tried> {
  ground.visited?.push(placed.skill.dir);
  const opened = ground.folders.open(placed.skill.dir);
  if (!opened.ok) return { kind: "refused", refusal: unopened(opened.problem) };
  try {
    const startedMs = Date.now();
    const surveyed = await surveySkill(opened.folder, ground);
    if (!surveyed.ok) return { kind: "refused", refusal: surveyed.refusal };
    const { survey } = surveyed;
    const wrongLink = judgeLinks(survey.root);
    if (wrongLink !== null) return { kind: "refused", refusal: wrongLink };
    const record = readSkillRecord(ground.sourceRecordsDir, placed.skill.dir);
    const entries = entriesByRecord(survey.root, record);
    if (ground.writing === null) {
      return entries === null
        ? { kind: "unread" }
        : { kind: "resolved", skill: describe(placed, survey, entries, null) };
    }
    if (entries !== null && hasVersion(ground.writing.paths, hashSkill(entries)))
      return { kind: "resolved", skill: describe(placed, survey, entries, null) };
    if (await waitUntilSettled(survey, startedMs, ground.signal))
      return { kind: "refused", refusal: changing("") };
    return await stage(placed, opened.folder, survey, record, ground, ground.writing);
  } finally {
    closeFolder(opened.folder);
  }
}

/** What the skill holds, if nothing of it has to be read; in the order of the paths. */
function entriesByRecord(root: SurveyedFolder, record: SkillRecord | null): SkillEntry[] | null {
  if (record === null) return null;
  const entries: SkillEntry[] = [];
  return collectEntries(root, record, entries)
    ? entries.sort((left, right) => compareText(left.path, right.path))
    : null;
}

function collectEntries(folder: SurveyedFolder, record: SkillRecord, entries: SkillEntry[]): boolean {
  const { files, links, folders, path } = folder;
  if (files.length + links.length + folders.length === 0 && path !== "")
    entries.push({ type: "folder", path });
  for (const file of files) {
    const sha256 = recordedHash(record, file.path, file.stamp);
    if (sha256 === null) return false;
    entries.push({
      type: "file",
      path: file.path,
      mode: mirroredMode(file.stamp),
      size: file.stamp.size,
      sha256,
    });
  }
  for (const link of links) entries.push({ type: "link", path: link.path, target: link.target });
  return folders.every((inner) => collectEntries(inner, record, entries));
}

async function stage(
  placed: PlacedSkill,
  source: OpenFolder,
  survey: Survey,
  record: SkillRecord | null,
  ground: ResolveGround,
  writing: WritingGround,
): Promise<Tried> {
  const destination = writing.staging.next();
  const recordedDir = record === null ? null : writing.paths.version(versionName(record.sha256));
  const result = await copySkill(source, survey.root, { ...writing, destination, record, recordedDir });
  if (result.kind !== "copied") {
    rmSync(destination, { recursive: true, force: true });
    return { kind: "refused", refusal: result.kind === "refused" ? result.refusal : changing(result.path) };
  }
  const skill = describe(placed, survey, result.entries, destination, result.copied);
  writeSkillRecord(ground.sourceRecordsDir, placed.skill.dir, { sha256: skill.sha256, files: result.files });
  if (!hasVersion(writing.paths, skill.sha256)) return { kind: "resolved", skill };
  rmSync(destination, { recursive: true, force: true });
  return { kind: "resolved", skill: { ...skill, stagedDir: null, copied: nothingCopied } };
}

/**
 * Two changes in one tick of the file system's clock have one ctime: whoever reads between them would not notice the
 * second. So a skill that was changed at the time of the survey, or just before, is looked at again when the tick is
 * over; then everything that is read was so at one time. Gives whether it waited.
 */
async function waitUntilSettled(
  survey: Survey,
  startedMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const settledMs = settledAtMs(survey.newestChangeMs);
  const waitMs = settledMs - Date.now();
  // Longer than that is a clock that was set back; such files are read again at every run.
  if (settledMs <= startedMs || waitMs > longestTickMs) return false;
  await pause(Math.max(0, Math.ceil(waitMs)), signal);
  return true;
}

const longestTickMs = 2000;

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
  }
}

const nothingCopied = { files: 0, bytes: 0 };

function describe(
  { skill, folder }: PlacedSkill,
  { leftOut, entryCount }: Survey,
  entries: readonly SkillEntry[],
  stagedDir: string | null,
  copied: ResolvedSkill["copied"] = nothingCopied,
): ResolvedSkill {
  const files = entries.filter((entry) => entry.type === "file");
  return {
    name: skill.name,
    folder,
    source: skill.source,
    sha256: hashSkill(entries),
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    entries,
    leftOut,
    entryCount,
    stagedDir,
    copied,
  };
}
