import type { Dirent } from "node:fs";
import { join } from "node:path";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { describeFileProblem, toFileProblem } from "../host/file-problem.ts";
import { listEntries } from "../host/list-entries.ts";
import {
  closeFolder,
  type OpenFolder,
  type OpenFolderResult,
  openFolderIn,
  pathIn,
} from "../host/open-folder.ts";
import { openSkillFolders } from "../host/open-skill-folders.ts";
import { createPace, type Pace } from "../host/pace.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import { fileKind } from "../infer/file-kind.ts";
import type { SkillFile } from "../infer/inferred.ts";

/** Far above what people write by hand; what is larger was made by a program. */
export const skillFileLimits = {
  maxEntries: 10_000,
  maxDepth: 16,
  maxBytesPerFile: 256 * 1024,
  maxBytes: 2 * 1024 * 1024,
} as const;

export interface ReadSkillFilesOptions {
  /** Also texts (Markdown); without them only what runs, and files of dependencies. */
  readonly texts?: boolean;
  readonly limits?: Partial<Record<keyof typeof skillFileLimits, number>>;
  readonly signal?: AbortSignal;
}

export interface SkillFiles {
  /** The skill's folder, as it was given. */
  readonly dir: string;
  /** Sorted by path. */
  readonly files: readonly SkillFile[];
  /** What was not looked at; never an error. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The files of each skill that can tell what it needs, one skill at a time, in the order given. No link in a path is
 * followed; dot folders, installed dependencies, virtual environments and skills inside the skill are not entered.
 * Binary files are passed over; one that is too large is there with no text and a diagnostic. `dirs` are absolute,
 * without links. Throws `CANCELLED` on the signal, `DISK_FAILED` where the system fails.
 */
export async function* readSkillFiles(
  dirs: Iterable<string>,
  options: ReadSkillFilesOptions = {},
): AsyncGenerator<SkillFiles, void, undefined> {
  const folders = openSkillFolders();
  const pace = createPace(options.signal);
  try {
    for (const dir of dirs) {
      throwIfCancelled(options.signal);
      const walk: Walk = {
        limits: { ...skillFileLimits, ...options.limits },
        texts: options.texts ?? false,
        signal: options.signal,
        pace,
        files: [],
        diagnostics: [],
        entryCount: 0,
        sizeBytes: 0,
        isCut: false,
      };
      await readInside(folders.open(dir), { dir, path: "", depth: 0 }, walk);
      const files = walk.files.sort((left, right) => compareText(left.path, right.path));
      yield { dir, files, diagnostics: walk.diagnostics };
    }
  } finally {
    folders.close();
  }
}

interface Walk {
  readonly limits: Record<keyof typeof skillFileLimits, number>;
  readonly texts: boolean;
  readonly signal: AbortSignal | undefined;
  readonly pace: Pace;
  readonly files: SkillFile[];
  readonly diagnostics: Diagnostic[];
  entryCount: number;
  sizeBytes: number;
  /** A limit of the whole skill was reached, and has been said. */
  isCut: boolean;
}

interface Position {
  /** The skill's folder. */
  readonly dir: string;
  /** From there. */
  readonly path: string;
  readonly depth: number;
}

async function readInside(opened: OpenFolderResult, position: Position, walk: Walk): Promise<void> {
  if (!opened.ok) {
    // A link is left out without a word: whether a skill may have it is for those to say who copy it.
    if (opened.problem.kind !== "link") {
      walk.diagnostics.push(notRead(position, describeFileProblem(opened.problem)));
    }
    return;
  }
  try {
    await readFolder(opened.folder, position, walk);
  } finally {
    closeFolder(opened.folder);
  }
}

async function readFolder(folder: OpenFolder, position: Position, walk: Walk): Promise<void> {
  const entries = await list(folder, position, walk);
  if (position.depth > 0 && entries.some(({ name }) => isOtherTree(name))) return;
  for (const entry of entries) {
    if (walk.isCut) return;
    if (walk.pace.isDue()) await walk.pace.rest();
    const at = { ...position, path: position.path === "" ? entry.name : `${position.path}/${entry.name}` };
    if (entry.isFile()) readFile(folder, entry.name, at, walk);
    else if (entry.isDirectory() && isEntered(entry.name)) await enter(folder, entry.name, at, walk);
  }
}

async function list(folder: OpenFolder, position: Position, walk: Walk): Promise<readonly Dirent[]> {
  try {
    const left = walk.limits.maxEntries - walk.entryCount;
    const { entries, complete } = await listEntries(folder, left, walk.signal);
    walk.entryCount += entries.length;
    // Which of them are the first is the disk's choice: none is taken, so that every machine reads the same.
    if (!complete) cut(position, `there are more than ${walk.limits.maxEntries}`, walk);
    return entries;
  } catch (error) {
    if (error instanceof SkillcrateError) throw error;
    walk.diagnostics.push(notRead(position, describeFileProblem(toFileProblem(error))));
    return [];
  }
}

/** A skill inside the skill, or a virtual environment of Python. */
function isOtherTree(name: string): boolean {
  return name === "SKILL.md" || name === "pyvenv.cfg";
}

function isEntered(name: string): boolean {
  return !name.startsWith(".") && name !== "node_modules" && name !== "__pycache__";
}

async function enter(parent: OpenFolder, name: string, position: Position, walk: Walk): Promise<void> {
  const depth = position.depth + 1;
  if (depth <= walk.limits.maxDepth) {
    await readInside(openFolderIn(parent, name), { ...position, depth }, walk);
  } else {
    walk.diagnostics.push(notRead(position, `it lies more than ${walk.limits.maxDepth} folders deep`));
  }
}

function readFile(folder: OpenFolder, name: string, position: Position, walk: Walk): void {
  const { path } = position;
  const kind = fileKind(path);
  if (kind === null || (kind === "markdown" && !walk.texts)) return;
  const { maxBytesPerFile, maxBytes } = walk.limits;
  const read = readRegularFile(pathIn(folder, name), maxBytesPerFile);
  if (!read.ok) {
    const isTooLarge = read.problem.kind === "too-large";
    // A file without an ending is as likely a program that was compiled.
    if (read.problem.kind === "link" || (isTooLarge && kind === "plain")) return;
    const limit = isTooLarge ? `; at most ${maxBytesPerFile} are read` : "";
    walk.diagnostics.push(notRead(position, `${describeFileProblem(read.problem)}${limit}`));
    if (isTooLarge) walk.files.push({ path, text: "" });
    return;
  }
  if (!isText(read.bytes) || (kind === "plain" && !startsScript(read.bytes))) return;
  walk.sizeBytes += read.bytes.length;
  if (walk.sizeBytes > maxBytes) cut(position, `they have more than ${maxBytes} bytes`, walk);
  else walk.files.push({ path, text: read.bytes.toString("utf8").replace(/^\ufeff/, "") });
}

/** Where git looks for a NUL too. */
const lookedAtBytes = 8000;

function isText(bytes: Buffer): boolean {
  return !bytes.subarray(0, lookedAtBytes).includes(0);
}

function startsScript(bytes: Buffer): boolean {
  return bytes[0] === 0x23 && bytes[1] === 0x21;
}

function cut(position: Position, why: string, walk: Walk): void {
  walk.isCut = true;
  walk.diagnostics.push({
    code: "INFER_FILES_CUT",
    severity: "warning",
    message: `Not every file of the skill was looked at for what it needs: ${why}.`,
    hint: "Declare in requires.bins what it needs, or take away what does not belong to the skill.",
    place: placeOf(position),
  });
}

function notRead(position: Position, clause: string): Diagnostic {
  return {
    code: "INFER_FILE_SKIPPED",
    severity: "info",
    message: `${quoteValue(position.path || position.dir)} was not looked at for what it needs: ${clause}.`,
    hint: "Declare in the SKILL.md, or in the overlay, what it needs.",
    place: placeOf(position),
  };
}

function placeOf({ dir, path }: Position): Place {
  return { file: path === "" ? dir : join(dir, path), line: 1, column: 1 };
}
