import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { compareText } from "../diagnostic/compare-text.ts";
import { closeFolder, type OpenFolder, openFolderIn } from "../host/open-folder.ts";
import { type CopyGround, copyFile } from "./copy-file.ts";
import { mirroredMode, settledAtMs } from "./file-stamp.ts";
import { type Refusal, unreadable } from "./refusal.ts";
import type { SkillEntry } from "./skill-entry.ts";
import { type RecordedFile, recordedHash, type SkillRecord } from "./skill-record.ts";
import type { SurveyedFile, SurveyedFolder } from "./survey-skill.ts";

export interface CopySkillOptions extends CopyGround {
  /** A folder that is not there yet. */
  readonly destination: string;
  readonly record: SkillRecord | null;
  /** Where the recorded version may be, in the same mirror. */
  readonly recordedDir: string | null;
}

export interface CopiedSkill {
  /** In the order of their paths. */
  readonly entries: readonly SkillEntry[];
  /** What the next run need not read again. */
  readonly files: ReadonlyMap<string, RecordedFile>;
  /** What was read and written; the rest was on the disk already. */
  readonly copied: { readonly files: number; readonly bytes: number };
}

export type CopySkillResult =
  | ({ readonly kind: "copied" } & CopiedSkill)
  | { readonly kind: "changed"; readonly path: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Makes a copy of a surveyed skill; what the record knows and the store has is shared and not read. */
export async function copySkill(
  source: OpenFolder,
  root: SurveyedFolder,
  options: CopySkillOptions,
): Promise<CopySkillResult> {
  const state: State = { options, entries: [], files: new Map(), copied: { files: 0, bytes: 0 } };
  const stopped = await copyFolder(source, root, options.destination, state);
  if (stopped !== null) return stopped;
  state.entries.sort((left, right) => compareText(left.path, right.path));
  return { kind: "copied", entries: state.entries, files: state.files, copied: state.copied };
}

interface State {
  readonly options: CopySkillOptions;
  readonly entries: SkillEntry[];
  readonly files: Map<string, RecordedFile>;
  readonly copied: { files: number; bytes: number };
}

type Stopped = Exclude<CopySkillResult, { kind: "copied" }>;

async function copyFolder(
  source: OpenFolder,
  folder: SurveyedFolder,
  destination: string,
  state: State,
): Promise<Stopped | null> {
  const { exactModes, pace } = state.options;
  mkdirSync(destination, 0o755);
  if (!exactModes) chmodSync(destination, 0o755);
  if (folder.files.length + folder.links.length + folder.folders.length === 0 && folder.path !== "")
    state.entries.push({ type: "folder", path: folder.path });
  for (const file of folder.files) {
    const stopped = await copyOrShare(source, file, `${destination}/${file.name}`, state);
    if (stopped !== null) return stopped;
    if (pace.isDue()) await pace.rest();
  }
  for (const { path, target } of folder.links) {
    symlinkSync(target, `${destination}/${path.slice(path.lastIndexOf("/") + 1)}`);
    state.entries.push({ type: "link", path, target });
  }
  for (const inner of folder.folders) {
    const opened = openFolderIn(source, inner.name);
    if (!opened.ok) return { kind: "changed", path: inner.path };
    try {
      const stopped = await copyFolder(opened.folder, inner, `${destination}/${inner.name}`, state);
      if (stopped !== null) return stopped;
    } finally {
      closeFolder(opened.folder);
    }
  }
  return null;
}

async function copyOrShare(
  source: OpenFolder,
  file: SurveyedFile,
  destination: string,
  state: State,
): Promise<Stopped | null> {
  const { record, recordedDir, store } = state.options;
  const { path, stamp } = file;
  const mode = mirroredMode(stamp);
  const known = recordedHash(record, path, stamp);
  if (known !== null) {
    const before = recordedDir === null ? null : `${recordedDir}/${path}`;
    if (store.place({ sha256: known, mode, size: stamp.size }, destination, before)) {
      note(state, file, mode, known);
      return null;
    }
  }
  const startedMs = Date.now();
  const result = await copyFile(source, file, destination, state.options);
  if (result.kind === "changed") return { kind: "changed", path };
  if (result.kind === "problem") return { kind: "refused", refusal: unreadable(path, result.problem) };
  if (result.kind === "copied") {
    state.copied.files += 1;
    state.copied.bytes += stamp.size;
  }
  note(state, file, mode, result.sha256, startedMs);
  return null;
}

/** A file whose last change is too young for a stamp to prove anything is not recorded: it is read again next time. */
function note(
  state: State,
  { path, stamp }: SurveyedFile,
  mode: number,
  sha256: string,
  readAtMs = Infinity,
): void {
  state.entries.push({ type: "file", path, mode, size: stamp.size, sha256 });
  if (settledAtMs(stamp.ctimeMs) <= readAtMs) state.files.set(path, { stamp, sha256 });
}
