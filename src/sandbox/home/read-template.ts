import { createHash } from "node:crypto";
import { readSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../../diagnostic/compare-text.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { describeFileProblem, type FileProblem } from "../../host/file-problem.ts";
import { closeFile, fileVersion, type OpenFile, openFileIn } from "../../host/open-file.ts";
import {
  closeFolder,
  listFolder,
  type OpenFolder,
  openFolder,
  openFolderIn,
} from "../../host/open-folder.ts";
import { createPace } from "../../host/pace.ts";

/** Lowest precedence first. */
export const templateKinds = ["agent", "skill", "person"] as const;
export type TemplateKind = (typeof templateKinds)[number];

/** A folder of files for a home, laid out as the home is: `.config/gog/config.json`. */
export interface HomeTemplate {
  readonly kind: TemplateKind;
  /** The agent, the skill or the person, for messages. */
  readonly name: string;
  /** Absolute, no link. Need not exist: then there is no such template. */
  readonly dir: string;
}

export interface TemplateFile {
  readonly content: Buffer;
  readonly sha256: string;
  readonly executable: boolean;
  readonly from: HomeTemplate;
}

export interface ReadTemplates {
  /** Keyed by path in the home, in the order of paths. */
  readonly files: ReadonlyMap<string, TemplateFile>;
  readonly diagnostics: readonly Diagnostic[];
}

/** For one template; one that is larger is not used at all. */
export const templateLimits = { maxFiles: 1000, maxBytes: 16 * 1024 * 1024, maxDepth: 16 } as const;

/**
 * Reads templates: regular files and folders only, by descriptors, no link followed. Where several have a file of one
 * path, that of the later kind wins, and in one kind that of the later template.
 */
export async function readTemplates(
  templates: readonly HomeTemplate[],
  signal?: AbortSignal,
): Promise<ReadTemplates> {
  const files = new Map<string, TemplateFile>();
  const diagnostics: Diagnostic[] = [];
  const pace = createPace(signal);
  for (const template of [...templates].sort((a, b) => rank(a) - rank(b))) {
    for (const [path, file] of readTemplate(template, diagnostics)) files.set(path, file);
    if (pace.isDue()) await pace.rest();
  }
  return { files: new Map([...files].sort(([a], [b]) => compareText(a, b))), diagnostics };
}

function rank({ kind }: HomeTemplate): number {
  return templateKinds.indexOf(kind);
}

interface Walk {
  readonly template: HomeTemplate;
  readonly files: Map<string, TemplateFile>;
  bytes: number;
  entries: number;
  readonly diagnostics: Diagnostic[];
}

class TooLarge extends Error {}

function readTemplate(template: HomeTemplate, diagnostics: Diagnostic[]): ReadonlyMap<string, TemplateFile> {
  const opened = openFolder(template.dir);
  if (!opened.ok) {
    if (opened.problem.kind !== "missing") diagnostics.push(entryDiagnostic(template, "", opened.problem));
    return new Map();
  }
  const walk: Walk = { template, files: new Map(), bytes: 0, entries: 0, diagnostics: [] };
  try {
    readFolder(opened.folder, "", 1, walk);
    diagnostics.push(...walk.diagnostics);
    return walk.files;
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    diagnostics.push(tooLarge(template));
    return new Map();
  } finally {
    closeFolder(opened.folder);
  }
}

function readFolder(folder: OpenFolder, prefix: string, depth: number, walk: Walk): void {
  const listed = listFolder(folder);
  if (!listed.ok) {
    walk.diagnostics.push(entryDiagnostic(walk.template, prefix, listed.problem));
    return;
  }
  walk.entries += listed.entries.length;
  if (depth > templateLimits.maxDepth || walk.entries > 2 * templateLimits.maxFiles) throw new TooLarge();
  for (const entry of [...listed.entries].sort((a, b) => compareText(a.name, b.name))) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) readSubfolder(folder, entry.name, path, depth, walk);
    else readFile(folder, entry.name, path, walk);
  }
}

function readSubfolder(folder: OpenFolder, name: string, path: string, depth: number, walk: Walk): void {
  const opened = openFolderIn(folder, name);
  if (!opened.ok) {
    walk.diagnostics.push(entryDiagnostic(walk.template, path, opened.problem));
    return;
  }
  try {
    readFolder(opened.folder, path, depth + 1, walk);
  } finally {
    closeFolder(opened.folder);
  }
}

function readFile(folder: OpenFolder, name: string, path: string, walk: Walk): void {
  const opened = openFileIn(folder, name);
  if (!opened.ok) {
    walk.diagnostics.push(entryDiagnostic(walk.template, path, opened.problem));
    return;
  }
  const { file } = opened;
  try {
    walk.bytes += file.sizeBytes;
    if (walk.bytes > templateLimits.maxBytes || walk.files.size === templateLimits.maxFiles)
      throw new TooLarge();
    const content = readWhole(file);
    if (content === null) {
      walk.diagnostics.push(entryDiagnostic(walk.template, path, { kind: "unreadable", errno: "EAGAIN" }));
      return;
    }
    const executable = (file.mode & 0o100) !== 0;
    walk.files.set(path, { content, sha256: sha256(content), executable, from: walk.template });
  } finally {
    closeFile(file);
  }
}

/** Null where it is being written: half a configuration is worse than none. */
function readWhole(file: OpenFile): Buffer | null {
  const content = Buffer.alloc(file.sizeBytes);
  let length = 0;
  while (length < content.length) {
    const count = readSync(file.fd, content, length, content.length - length, length);
    if (count === 0) break;
    length += count;
  }
  return fileVersion(file.fd) === file.version ? content : null;
}

export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** For messages: `template of the skill "gog"`. */
export function describeTemplate({ kind, name }: HomeTemplate): string {
  return `template of the ${kind} ${quoteValue(name)}`;
}

function entryDiagnostic(template: HomeTemplate, path: string, problem: FileProblem): Diagnostic {
  const what = path === "" ? template.dir : path;
  return {
    code: "HOME_TEMPLATE_ENTRY",
    severity: "warning",
    message: `${quoteValue(what)} in the ${describeTemplate(template)} is left out: ${describeFileProblem(problem)}.`,
    hint: "Templates hold regular files and folders that this user can read.",
    place: { file: join(template.dir, path), line: 1, column: 1 },
  };
}

function tooLarge(template: HomeTemplate): Diagnostic {
  const { maxFiles, maxBytes, maxDepth } = templateLimits;
  return {
    code: "HOME_TEMPLATE_TOO_LARGE",
    severity: "error",
    message: `The ${describeTemplate(template)} is not used: it has more than ${maxFiles} files, ${maxBytes / 1024 / 1024} MiB or ${maxDepth} levels.`,
    hint: "Keep configuration in it, and no programs or data.",
    place: { file: template.dir, line: 1, column: 1 },
  };
}
