import { fstatSync, lstatSync, readlinkSync, type Stats } from "node:fs";
import { compareText } from "../diagnostic/compare-text.ts";
import { toFileProblem } from "../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolderIn, pathIn } from "../host/open-folder.ts";
import type { Pace } from "../host/pace.ts";
import { describeType, readRegularFile } from "../host/read-regular-file.ts";
import { type FileStamp, fileStamp } from "./file-stamp.ts";
import { holdsPrivateKey, type LeftOut, leftOutByName, mayHoldPrivateKey } from "./left-out.ts";
import { listNames } from "./list-names.ts";
import type { MirrorLimits } from "./mirror-request.ts";
import { changing, holdsMirror, type Refusal, tooLarge, unreadable, unusableName } from "./refusal.ts";

export interface SurveyedFile {
  readonly name: string;
  /** From the skill's folder. */
  readonly path: string;
  readonly stamp: FileStamp;
}

export interface SurveyedLink {
  readonly path: string;
  readonly target: string;
}

export interface SurveyedFolder {
  readonly name: string;
  /** From the skill's folder; empty for itself. */
  readonly path: string;
  readonly files: readonly SurveyedFile[];
  readonly links: readonly SurveyedLink[];
  readonly folders: readonly SurveyedFolder[];
}

/** What a skill holds, before a byte of it is copied. */
export interface Survey {
  readonly root: SurveyedFolder;
  readonly leftOut: readonly LeftOut[];
  readonly entryCount: number;
  readonly sizeBytes: number;
  /** When the file that changed last did so, in milliseconds since the epoch. */
  readonly newestChangeMs: number;
}

export interface SurveyOptions {
  readonly limits: MirrorLimits;
  /** Whether files may have other names elsewhere: package managers install what comes with a gateway that way. */
  readonly allowHardLinks: boolean;
  readonly pace: Pace;
  /** The mirror's own folder, which no skill may hold. */
  readonly mirror: Pick<Stats, "dev" | "ino">;
  /** Told the path of everything that is looked at, absolute; null: nobody asks. */
  readonly visited: string[] | null;
}

export type SurveyResult =
  | { readonly ok: true; readonly survey: Survey }
  | { readonly ok: false; readonly refusal: Refusal };

/** Looks at everything in a skill without reading it: types, sizes, times, names, links. Nothing is followed. */
export async function surveySkill(folder: OpenFolder, options: SurveyOptions): Promise<SurveyResult> {
  const tally: Tally = { leftOut: [], entryCount: 0, sizeBytes: 0, newestChangeMs: 0 };
  try {
    const root = await surveyFolder(folder, { name: "", path: "", depth: 0 }, tally, options);
    return { ok: true, survey: { root, ...tally } };
  } catch (error) {
    if (error instanceof RefusedError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

/** Leaves a walk of many levels; never leaves this file. */
class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.clause);
    this.refusal = refusal;
  }
}

interface Tally {
  readonly leftOut: LeftOut[];
  entryCount: number;
  sizeBytes: number;
  newestChangeMs: number;
}

interface Position {
  readonly name: string;
  readonly path: string;
  readonly depth: number;
}

async function surveyFolder(
  folder: OpenFolder,
  position: Position,
  tally: Tally,
  options: SurveyOptions,
): Promise<SurveyedFolder> {
  options.visited?.push(folder.path);
  const before = fstatSync(folder.fd);
  const { maxFilesPerSkill } = options.limits;
  const names = listNames(folder, before.size, maxFilesPerSkill);
  if (!names.ok) throw refused(unreadable(position.path, names.problem));
  if (!names.complete) {
    const clause = `holds more than the ${maxFilesPerSkill} files allowed`;
    throw refused(tooLarge(position.path, clause, "maxFilesPerSkill"));
  }
  const files: SurveyedFile[] = [];
  const links: SurveyedLink[] = [];
  const folders: SurveyedFolder[] = [];
  for (const name of names.names.sort(compareText)) {
    const path = position.path === "" ? name : `${position.path}/${name}`;
    const reason = leftOutByName(name);
    if (reason !== null) {
      tally.leftOut.push({ path, reason });
      continue;
    }
    checkName(name, path, options.limits);
    countEntry(path, tally, options.limits);
    const stats = lookAt(folder, name, path);
    if (!stats.isDirectory()) options.visited?.push(`${folder.path}/${name}`);
    if (stats.ino === options.mirror.ino && stats.dev === options.mirror.dev)
      throw refused(holdsMirror(path));
    if (stats.isDirectory()) {
      folders.push(await surveyInside(folder, { name, path, depth: position.depth + 1 }, tally, options));
    } else if (stats.isSymbolicLink()) {
      links.push({ path, target: readTarget(folder, name, path) });
    } else if (stats.isFile()) {
      checkFile(path, stats, tally, options);
      if (mayHoldPrivateKey(name) && isPrivateKey(folder, name, options.limits.maxBytesPerFile)) {
        tally.leftOut.push({ path, reason: "secret" });
      } else {
        tally.newestChangeMs = Math.max(tally.newestChangeMs, stats.ctimeMs);
        files.push({ name, path, stamp: fileStamp(stats) });
      }
    } else {
      throw refused({
        code: "MIRROR_SKILL_SPECIAL",
        path,
        clause: `is ${describeType(stats)}`,
        hint: "Take it away: a skill holds files, folders and links.",
      });
    }
    if (options.pace.isDue()) await options.pace.rest();
  }
  // One that was removed lists nothing, and one that is being removed only what is left.
  const after = fstatSync(folder.fd);
  if (after.nlink === 0 || after.ctimeMs !== before.ctimeMs) throw refused(changing(position.path));
  return { name: position.name, path: position.path, files, links, folders };
}

async function surveyInside(
  parent: OpenFolder,
  position: Position,
  tally: Tally,
  options: SurveyOptions,
): Promise<SurveyedFolder> {
  if (position.depth > options.limits.maxDepth) {
    throw refused(
      tooLarge(position.path, `lies more than ${options.limits.maxDepth} folders deep`, "maxDepth"),
    );
  }
  const opened = openFolderIn(parent, position.name);
  if (!opened.ok) throw refused(unreadable(position.path, opened.problem));
  try {
    return await surveyFolder(opened.folder, position, tally, options);
  } finally {
    closeFolder(opened.folder);
  }
}

function lookAt(folder: OpenFolder, name: string, path: string): Stats {
  try {
    return lstatSync(pathIn(folder, name));
  } catch (error) {
    throw refused(unreadable(path, toFileProblem(error)));
  }
}

function readTarget(folder: OpenFolder, name: string, path: string): string {
  try {
    return readlinkSync(pathIn(folder, name));
  } catch (error) {
    throw refused(unreadable(path, toFileProblem(error)));
  }
}

/** Files with keys have some kilobytes, with all of a bundle's certificates some hundred. */
const longestKeyBytes = 1024 * 1024;

/** Half a key is none: a file that changes while it is looked at is noticed when it is copied. */
function isPrivateKey(folder: OpenFolder, name: string, maxBytes: number): boolean {
  const read = readRegularFile(pathIn(folder, name), Math.min(maxBytes, longestKeyBytes));
  return read.ok && holdsPrivateKey(read.bytes);
}

function checkName(name: string, path: string, limits: MirrorLimits): void {
  // Node gives U+FFFD for bytes that are no UTF-8; the name could not be written again as it was.
  if (/[\p{Cc}\ufffd]/u.test(name)) {
    throw refused(
      unusableName(
        path,
        name.includes("\ufffd")
          ? "has a name that is not valid UTF-8"
          : "has a control character in its name",
      ),
    );
  }
  if (isLonger(name, limits.maxNameBytes))
    throw refused(tooLarge(path, `has a name of more than ${limits.maxNameBytes} bytes`, "maxNameBytes"));
  if (isLonger(path, limits.maxPathBytes))
    throw refused(tooLarge(path, `has a path of more than ${limits.maxPathBytes} bytes`, "maxPathBytes"));
}

/** A code unit takes at most three bytes of UTF-8: most texts need no counting. */
function isLonger(text: string, maxBytes: number): boolean {
  return text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes;
}

function countEntry(path: string, tally: Tally, limits: MirrorLimits): void {
  tally.entryCount += 1;
  const limit = exceeded(tally.entryCount, limits, "maxFilesPerSkill", "maxFiles");
  if (limit !== null)
    throw refused(tooLarge(path, `is one more than the ${limits[limit]} files allowed`, limit));
}

function checkFile(path: string, stats: Stats, tally: Tally, options: SurveyOptions): void {
  const { limits } = options;
  if (stats.nlink > 1 && !options.allowHardLinks) {
    throw refused({
      code: "MIRROR_SKILL_HARD_LINK",
      path,
      clause: "is one of several names of one file, which may lie outside of the skill",
      hint: "Replace it by a copy of its own (cp FILE FILE.new && mv FILE.new FILE); only skills that come with a gateway may hold such files.",
    });
  }
  if (stats.size > limits.maxBytesPerFile)
    throw refused(
      tooLarge(path, `has ${stats.size} bytes of at most ${limits.maxBytesPerFile}`, "maxBytesPerFile"),
    );
  tally.sizeBytes += stats.size;
  const limit = exceeded(tally.sizeBytes, limits, "maxBytesPerSkill", "maxBytes");
  if (limit !== null)
    throw refused(tooLarge(path, `makes more than the ${limits[limit]} bytes allowed`, limit));
}

/** The limit of one skill, or of what is left for it of the limit of all. */
function exceeded<Limit extends keyof MirrorLimits>(
  count: number,
  limits: MirrorLimits,
  ...of: Limit[]
): Limit | null {
  return of.find((limit) => count > limits[limit]) ?? null;
}

function refused(refusal: Refusal): RefusedError {
  return new RefusedError(refusal);
}
