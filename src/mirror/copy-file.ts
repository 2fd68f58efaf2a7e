import { createHash, hash } from "node:crypto";
import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { type FileProblem, toFileProblem } from "../host/file-problem.ts";
import { type OpenFolder, pathIn } from "../host/open-folder.ts";
import type { Pace } from "../host/pace.ts";
import type { ContentStore } from "./content-store.ts";
import { type FileStamp, fileStamp, mirroredMode, sameStamp } from "./file-stamp.ts";
import type { SurveyedFile } from "./survey-skill.ts";

export interface CopyGround {
  readonly store: ContentStore;
  /** One for all files. */
  readonly buffer: () => Buffer;
  /** Whether files get exactly the mode they are made with. */
  readonly exactModes: boolean;
  readonly pace: Pace;
}

export type CopyFileResult =
  | { readonly kind: "copied" | "shared"; readonly sha256: string }
  /** It is not what the survey saw, or was not throughout. */
  | { readonly kind: "changed" }
  | { readonly kind: "problem"; readonly problem: FileProblem };

/**
 * Copies one file that a survey has seen, and hashes it on the way. What it gives is the whole file as it was at one
 * time: its stamp is the surveyed one before the first byte is read and after the last.
 */
export async function copyFile(
  from: OpenFolder,
  file: SurveyedFile,
  destination: string,
  ground: CopyGround,
): Promise<CopyFileResult> {
  let source: number;
  try {
    source = openSync(pathIn(from, file.name), readFlags);
  } catch (error) {
    return unread(error);
  }
  try {
    // Before a byte is read: another file may have taken the name, a device even.
    if (!hasStamp(source, file.stamp)) return { kind: "changed" };
    return file.stamp.size < ground.buffer().length
      ? copyAtOnce(source, file, destination, ground)
      : await copyInParts(source, file, destination, ground);
  } finally {
    closeSync(source);
  }
}

function copyAtOnce(
  source: number,
  { stamp }: SurveyedFile,
  destination: string,
  ground: CopyGround,
): CopyFileResult {
  // One byte more than there should be: a file that grew, or that says nothing true about its size (proc), shows.
  const buffer = ground.buffer();
  const length = readPart(source, buffer, stamp.size + 1);
  if (typeof length !== "number") return length;
  if (length !== stamp.size || !hasStamp(source, stamp)) return { kind: "changed" };
  const content = buffer.subarray(0, length);
  const mode = mirroredMode(stamp);
  const sha256 = hash("sha256", content, "hex");
  if (ground.store.place({ sha256, mode, size: length }, destination, null))
    return { kind: "shared", sha256 };
  const target = openSync(destination, writeFlags, mode);
  try {
    writeAll(target, content);
    if (!ground.exactModes) fchmodSync(target, mode);
  } finally {
    closeSync(target);
  }
  return { kind: "copied", sha256 };
}

async function copyInParts(
  source: number,
  { stamp }: SurveyedFile,
  destination: string,
  ground: CopyGround,
): Promise<CopyFileResult> {
  const buffer = ground.buffer();
  const digest = createHash("sha256");
  const mode = mirroredMode(stamp);
  const target = openSync(destination, writeFlags, mode);
  try {
    for (let total = 0; ; ) {
      const length = readPart(source, buffer, buffer.length);
      if (typeof length !== "number") return length;
      if (length === 0) break;
      total += length;
      if (total > stamp.size) return { kind: "changed" };
      const content = buffer.subarray(0, length);
      digest.update(content);
      writeAll(target, content);
      if (ground.pace.isDue()) await ground.pace.rest();
    }
    if (!ground.exactModes) fchmodSync(target, mode);
  } finally {
    closeSync(target);
  }
  if (!hasStamp(source, stamp)) return { kind: "changed" };
  const sha256 = digest.digest("hex");
  return { kind: "copied", sha256 };
}

// O_NONBLOCK: a pipe that took the file's place is opened at once and seen to be none. O_NOCTTY: nor a terminal.
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const writeFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

function hasStamp(fd: number, stamp: FileStamp): boolean {
  return sameStamp(fileStamp(fstatSync(fd)), stamp);
}

/** Fills the buffer up to `wanted` bytes; less only at the end of the file. */
function readPart(fd: number, buffer: Buffer, wanted: number): number | CopyFileResult {
  let length = 0;
  try {
    while (length < wanted) {
      const count = readSync(fd, buffer, length, wanted - length, null);
      length += count;
      if (count === 0 || length < wanted) break;
    }
    return length;
  } catch (error) {
    return unread(error);
  }
}

function writeAll(fd: number, content: Buffer): void {
  for (let written = 0; written < content.length; ) {
    written += writeSync(fd, content, written, content.length - written);
  }
}

function unread(error: unknown): CopyFileResult {
  const problem = toFileProblem(error);
  const replaced = problem.kind === "missing" || problem.kind === "link" || problem.kind === "wrong-type";
  return replaced ? { kind: "changed" } : { kind: "problem", problem };
}
