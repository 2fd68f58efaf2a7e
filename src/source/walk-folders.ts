import { type Dirent, statSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { closeFolder, listFolder, type OpenFolder, openFolderIn, pathIn } from "../host/open-folder.ts";

export interface WalkOptions {
  /** Folders more than this many levels below the root are not entered. */
  readonly maxDepth: number;
  /** The walk ends after this many folders. */
  readonly maxFolders: number;
  /** Only this many folders directly below the root are entered, by name; absent: all. */
  readonly maxCandidates?: number;
  /** Do not look for skills inside a skill. */
  readonly stopAtSkill: boolean;
  /** Told of every folder below the root before it is opened. */
  readonly onLook?: (path: string) => void;
}

export interface VisitedFolder {
  /** Open until the walk goes on. */
  readonly folder: OpenFolder;
  /** Entries called SKILL.md, the exact spelling first, then other letter cases (folders of such names left out). */
  readonly skillFiles: readonly Dirent[];
  readonly entryCount: number;
}

/**
 * Every folder from `root` down, each before the folders in it, those by code unit of their names whatever order the
 * disk gives. Links are never followed; `.git`, `node_modules` and other dot folders are not entered. What was left out
 * is said in `diagnostics`, which is complete when the walk has ended. `root` stays open.
 */
export function* walkFolders(
  root: OpenFolder,
  options: WalkOptions,
  diagnostics: Diagnostic[],
): Generator<VisitedFolder, void, undefined> {
  const state: WalkState = { options, diagnostics, visited: 0, stopped: false, tooDeep: [] };
  yield* walkFrom(root, 0, state);
  reportTooDeep(root, state);
}

interface WalkState {
  readonly options: WalkOptions;
  readonly diagnostics: Diagnostic[];
  visited: number;
  stopped: boolean;
  readonly tooDeep: string[];
}

function* walkFrom(
  folder: OpenFolder,
  depth: number,
  state: WalkState,
): Generator<VisitedFolder, void, undefined> {
  const { options, diagnostics } = state;
  if (state.visited === options.maxFolders) return stopAtFolderLimit(folder, state);
  state.visited += 1;
  const listed = listFolder(folder);
  if (!listed.ok) {
    diagnostics.push(folderDiagnostic(folder.path, describeFileProblem(listed.problem)));
    return;
  }
  const skillFiles = listed.entries.filter(isSkillFile).sort(exactSpellingFirst);
  yield { folder, skillFiles, entryCount: listed.entries.length };
  if (options.stopAtSkill && skillFiles.length > 0) return;

  reportLinkedFolders(folder, listed.entries, diagnostics);
  const names = foldersToEnter(folder, listed.entries, depth, state);
  for (const name of names) {
    if (state.stopped) return;
    options.onLook?.(join(folder.path, name));
    const opened = openFolderIn(folder, name);
    if (!opened.ok) {
      diagnostics.push(
        folderDiagnostic(
          join(folder.path, name),
          describeUnopened(name, describeFileProblem(opened.problem)),
        ),
      );
      continue;
    }
    try {
      yield* walkFrom(opened.folder, depth + 1, state);
    } finally {
      closeFolder(opened.folder);
    }
  }
}

/** A folder called `SKILL.md` counts (it stands where the file should be); one called `skill.md` is just a folder. */
function isSkillFile(entry: Dirent): boolean {
  return entry.name === "SKILL.md" || (entry.name.toLowerCase() === "skill.md" && !entry.isDirectory());
}

// "SKILL.md" sorts before every other spelling but "SKILL.MD".
function exactSpellingFirst(left: Dirent, right: Dirent): number {
  if (left.name === "SKILL.md") return -1;
  if (right.name === "SKILL.md") return 1;
  return compareText(left.name, right.name);
}

function foldersToEnter(
  folder: OpenFolder,
  entries: readonly Dirent[],
  depth: number,
  state: WalkState,
): readonly string[] {
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
    .map((entry) => entry.name)
    .sort(compareText);
  if (names.length > 0 && depth === state.options.maxDepth) {
    state.tooDeep.push(folder.path);
    return [];
  }
  const { maxCandidates } = state.options;
  if (depth > 0 || maxCandidates === undefined || names.length <= maxCandidates) return names;
  state.diagnostics.push({
    code: "SOURCE_CANDIDATE_LIMIT",
    severity: "warning",
    message: `${quoteValue(folder.path)} holds ${names.length} folders; only the first ${maxCandidates} by name are searched.`,
    hint: "Raise skills.limits.maxCandidatesPerRoot, or sort the skills into several sources.",
    place: { file: folder.path, line: 1, column: 1 },
  });
  return names.slice(0, maxCandidates);
}

/** Says once for each folder which links in it lead to folders that were not entered. */
function reportLinkedFolders(
  folder: OpenFolder,
  entries: readonly Dirent[],
  diagnostics: Diagnostic[],
): void {
  const links = entries
    .filter(
      (entry) => entry.isSymbolicLink() && !entry.name.startsWith(".") && leadsToFolder(folder, entry.name),
    )
    .map((entry) => entry.name)
    .sort(compareText);
  const [first, ...others] = links;
  if (first === undefined) return;
  const more = others.length === 0 ? "" : ` (and ${others.length} more in this folder)`;
  diagnostics.push({
    code: "SOURCE_LINK_SKIPPED",
    severity: "warning",
    message: `The folder ${quoteValue(first)}${more} is a symbolic link and was not entered.`,
    hint: "Name the folder that it leads to as a source of its own, or put a real folder in its place.",
    place: { file: join(folder.path, first), line: 1, column: 1 },
  });
}

function leadsToFolder(folder: OpenFolder, name: string): boolean {
  try {
    return statSync(pathIn(folder, name)).isDirectory();
  } catch {
    // Dangling, looping or forbidden: whatever it is, no skill is left out for it.
    return false;
  }
}

function stopAtFolderLimit(folder: OpenFolder, state: WalkState): void {
  state.stopped = true;
  state.diagnostics.push({
    code: "SOURCE_FOLDER_LIMIT",
    severity: "warning",
    message: `The search ended after ${state.options.maxFolders} folders, before ${quoteValue(folder.path)}.`,
    hint: "Name the folders that hold skills, not one far above them.",
    place: { file: folder.path, line: 1, column: 1 },
  });
}

function reportTooDeep(root: OpenFolder, state: WalkState): void {
  const [first] = state.tooDeep;
  if (first === undefined) return;
  state.diagnostics.push({
    code: "SOURCE_TOO_DEEP",
    severity: "warning",
    message:
      `Folders more than ${state.options.maxDepth} levels below ${quoteValue(root.path)} were not searched ` +
      `(${state.tooDeep.length} places).`,
    hint: "Name such a folder as a source of its own if it holds skills.",
    place: { file: first, line: 1, column: 1 },
  });
}

function folderDiagnostic(path: string, clause: string): Diagnostic {
  return {
    code: "SOURCE_FOLDER_UNREADABLE",
    severity: "error",
    message: `The folder ${quoteValue(path)} was not searched: ${clause}.`,
    hint: "Make it readable for this user (chmod u+rx), or take it away.",
    place: { file: path, line: 1, column: 1 },
  };
}

/** A name that holds U+FFFD and cannot be found again was not valid UTF-8 on the disk. */
function describeUnopened(name: string, clause: string): string {
  return name.includes("\ufffd") ? "its name is not valid UTF-8" : clause;
}
