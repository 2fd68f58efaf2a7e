import { hash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../host/file-problem.ts";
import { type FileStamp, sameStamp } from "./file-stamp.ts";

/**
 * What the files of one source folder were when they were read last: a file whose stamp is still the same need not be
 * read again. True whatever was published of it since.
 */
export interface SkillRecord {
  /** The skill as it was mirrored from these files. */
  readonly sha256: string;
  /** By path from the skill's folder. */
  readonly files: ReadonlyMap<string, RecordedFile>;
}

export interface RecordedFile {
  readonly stamp: FileStamp;
  readonly sha256: string;
}

/** Null: never read, or what was written is no record (a crash left half of it): everything is read anew. */
export function readSkillRecord(dir: string, skillDir: string): SkillRecord | null {
  const path = join(dir, recordName(skillDir));
  // Failing calls cost far more than this question, and a first run has no records at all.
  if (!existsSync(path)) return null;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw error;
  }
  return parseRecord(text, skillDir);
}

/**
 * Written in one go, without a detour: where two processes write at once or a crash cuts it, a reader finds no record,
 * and the next run writes a good one. `dir` is there.
 */
export function writeSkillRecord(dir: string, skillDir: string, record: SkillRecord): void {
  const document: RecordDocument = {
    format,
    dir: skillDir,
    sha256: record.sha256,
    files: [...record.files].map(([path, { stamp, sha256 }]) => [
      path,
      stamp.dev,
      stamp.ino,
      stamp.size,
      stamp.mtimeMs,
      stamp.ctimeMs,
      stamp.mode,
      sha256,
    ]),
  };
  writeFileSync(join(dir, recordName(skillDir)), JSON.stringify(document), { mode: 0o600 });
}

/** The hash of a surveyed file's content, if it was read before and was not changed since. */
export function recordedHash(record: SkillRecord | null, path: string, stamp: FileStamp): string | null {
  const recorded = record?.files.get(path);
  return recorded !== undefined && sameStamp(recorded.stamp, stamp) ? recorded.sha256 : null;
}

const format = "skillcrate/mirror-record@1";

interface RecordDocument {
  readonly format: typeof format;
  readonly dir: string;
  readonly sha256: string;
  readonly files: readonly RecordRow[];
}

type RecordRow = readonly [
  path: string,
  dev: number,
  ino: number,
  size: number,
  mtimeMs: number,
  ctimeMs: number,
  mode: number,
  sha256: string,
];

function recordName(skillDir: string): string {
  return `${hash("sha256", skillDir, "hex").slice(0, 40)}.json`;
}

function parseRecord(text: string, skillDir: string): SkillRecord | null {
  let document: Partial<RecordDocument> | null;
  try {
    document = JSON.parse(text) as Partial<RecordDocument> | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (document?.format !== format || document.dir !== skillDir) return null;
  if (typeof document.sha256 !== "string" || !Array.isArray(document.files)) return null;
  const rows = document.files as readonly RecordRow[];
  return {
    sha256: document.sha256,
    files: new Map(
      rows.map(([path, dev, ino, size, mtimeMs, ctimeMs, mode, sha256]) => [
        path,
        { stamp: { dev, ino, size, mtimeMs, ctimeMs, mode }, sha256 },
      ]),
    ),
  };
}
