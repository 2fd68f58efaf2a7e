import { realpathSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { DiagnosticCode } from "../diagnostic/codes.ts";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeFileProblem, toFileProblem } from "../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolder } from "../host/open-folder.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import type { Skill } from "../skill/skill.ts";
import { defaultMaxSkillFileBytes, readSkillFile } from "./read-skill-file.ts";
import { walkFolders } from "./walk-folders.ts";

export interface ReadSkillFoldersOptions {
  /** Absolute: where relative arguments begin; left out: the process's current folder. */
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** A larger SKILL.md is an invalid skill; default 256,000. */
  readonly maxFileBytes?: number;
  /** Folders further below an argument are reported and not searched; default 32. */
  readonly maxDepth?: number;
  /** The search below one argument ends after this many folders; default 100,000. */
  readonly maxFolders?: number;
}

export interface ReadSkillFoldersResult {
  /** Sorted by file; two with one name are two rows. */
  readonly skills: readonly Skill[];
  /** What has no skill to belong to; every skill carries its own. */
  readonly diagnostics: readonly Diagnostic[];
}

/** An argument gave no skill at all; commands end with exit code 2 on any of these. */
export const unusableArgumentCodes: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  "SOURCE_EMPTY",
  "SOURCE_MISSING",
  "SOURCE_NOT_A_SKILL",
  "SOURCE_NO_SKILL",
  "SOURCE_UNREADABLE",
]);

/**
 * Reads the positional arguments of a command: each a skill's folder, a folder of skills nested however deep, or a
 * SKILL.md. Every SKILL.md below them is a row of its own; a file reached by two arguments is one row. An argument may
 * be a link and is resolved once; no link below it is followed. Throws `CANCELLED` on the signal.
 */
export async function readSkillFolders(
  paths: readonly string[],
  options: ReadSkillFoldersOptions = {},
): Promise<ReadSkillFoldersResult> {
  const rows = new Map<string, Skill>();
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    const argument = resolveArgument(path, options.cwd);
    if (argument.kind === "refused") diagnostics.push(argument.diagnostic);
    else if (argument.kind === "file") readOneFile(argument, options, rows);
    else await readTree(path, argument.path, options, rows, diagnostics);
  }
  const skills = [...rows.values()].sort((left, right) => compareText(left.file, right.file));
  return { skills, diagnostics };
}

type Argument =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "file"; readonly folder: OpenFolder; readonly name: string }
  | { readonly kind: "refused"; readonly diagnostic: Diagnostic };

function resolveArgument(path: string, cwd = ""): Argument {
  if (path.trim() === "")
    return refuse("SOURCE_MISSING", "An argument is empty; a folder of skills belongs there.");
  const given = resolve(cwd, path);
  try {
    const real = realpathSync(given);
    if (statSync(real).isDirectory()) return { kind: "folder", path: real };
    if (basename(real).toLowerCase() !== "skill.md") {
      return refuse("SOURCE_NOT_A_SKILL", `${quoteValue(path)} is neither a folder nor a SKILL.md.`);
    }
    const opened = openFolder(dirname(real));
    if (opened.ok) return { kind: "file", folder: opened.folder, name: basename(real) };
    return refuse(
      "SOURCE_UNREADABLE",
      `${quoteValue(path)} cannot be read: ${describeFileProblem(opened.problem)}.`,
    );
  } catch (error) {
    const problem = toFileProblem(error);
    if (problem.kind === "missing") return refuse("SOURCE_MISSING", `There is no ${quoteValue(path)}.`);
    return refuse(
      "SOURCE_UNREADABLE",
      `${quoteValue(path)} cannot be read: ${describeFileProblem(problem)}.`,
    );
  }
}

function readOneFile(
  argument: { readonly folder: OpenFolder; readonly name: string },
  options: ReadSkillFoldersOptions,
  rows: Map<string, Skill>,
): void {
  try {
    const skill = readSkillFile(
      argument.folder,
      [argument.name],
      options.maxFileBytes ?? defaultMaxSkillFileBytes,
    );
    rows.set(skill.file, skill);
  } finally {
    closeFolder(argument.folder);
  }
}

async function readTree(
  path: string,
  realPath: string,
  options: ReadSkillFoldersOptions,
  rows: Map<string, Skill>,
  diagnostics: Diagnostic[],
): Promise<void> {
  const opened = openFolder(realPath);
  if (!opened.ok) {
    const why = describeFileProblem(opened.problem);
    diagnostics.push(problem("SOURCE_UNREADABLE", `${quoteValue(path)} cannot be read: ${why}.`));
    return;
  }
  try {
    const tally = await readBelow(opened.folder, options, rows, diagnostics);
    if (tally.skills === 0) diagnostics.push(nothingFound(path, tally));
  } finally {
    closeFolder(opened.folder);
  }
}

interface Tally {
  folders: number;
  skills: number;
  entriesAtRoot: number;
}

async function readBelow(
  root: OpenFolder,
  options: ReadSkillFoldersOptions,
  rows: Map<string, Skill>,
  diagnostics: Diagnostic[],
): Promise<Tally> {
  const { maxDepth = 32, maxFolders = 100_000, maxFileBytes = defaultMaxSkillFileBytes } = options;
  const tally: Tally = { folders: 0, skills: 0, entriesAtRoot: 0 };
  const walk = walkFolders(root, { maxDepth, maxFolders, stopAtSkill: false }, diagnostics);
  for (const { folder, skillFiles, entryCount } of walk) {
    if (tally.folders === 0) tally.entriesAtRoot = entryCount;
    if (tally.folders % foldersPerTurn === 0) await takeTurn(options.signal);
    tally.folders += 1;
    const [first, ...others] = skillFiles.map((entry) => entry.name);
    if (first === undefined) continue;
    const skill = readSkillFile(folder, [first, ...others], maxFileBytes);
    rows.set(skill.file, skill);
    tally.skills += 1;
  }
  return tally;
}

function nothingFound(path: string, { folders, entriesAtRoot }: Tally): Diagnostic {
  // Not even the argument itself could be listed; why has been said.
  if (folders === 0) return problem("SOURCE_UNREADABLE", `${quoteValue(path)} cannot be read.`);
  if (entriesAtRoot === 0) return problem("SOURCE_EMPTY", `The folder ${quoteValue(path)} is empty.`);
  return problem(
    "SOURCE_NO_SKILL",
    `There is no SKILL.md in ${quoteValue(path)} or in the folders below it.`,
  );
}

/** A turn of the event loop takes about 10 µs; reading and parsing 32 skills about 20 ms. */
const foldersPerTurn = 32;

async function takeTurn(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  throwIfCancelled(signal);
}

function refuse(code: DiagnosticCode, message: string): Argument {
  return { kind: "refused", diagnostic: problem(code, message) };
}

function problem(code: DiagnosticCode, message: string): Diagnostic {
  return {
    code,
    severity: "error",
    message,
    hint: "Give a skill's folder, a folder that holds skills' folders, or a SKILL.md.",
  };
}
