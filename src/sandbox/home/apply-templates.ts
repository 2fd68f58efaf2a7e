import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { describeFileProblem, errnoOf, type FileProblem } from "../../host/file-problem.ts";
import { type OpenFolder, pathIn } from "../../host/open-folder.ts";
import { createPace } from "../../host/pace.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { type EntryAttributes, type Owner, replaceFileIn } from "../../host/write-in-folder.ts";
import type { PutFiles } from "./home-record.ts";
import { describeTemplate, sha256, type TemplateFile } from "./read-template.ts";
import { withFolderBelow } from "./with-folder-below.ts";

export interface AppliedTemplates {
  /** The new record: what was put, this time or before. */
  readonly put: PutFiles;
  /** Paths in the home. */
  readonly written: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Puts template files into a home, each once: one that the user has changed or removed since is left alone, one that
 * is as we put it follows the template, and one that the user had before is never touched. What a template no longer
 * has stays. Every step goes by descriptors from the open home.
 */
export async function applyTemplates(
  home: OpenFolder,
  files: ReadonlyMap<string, TemplateFile>,
  before: PutFiles,
  owner: Owner | null,
  signal?: AbortSignal,
): Promise<AppliedTemplates> {
  const put = new Map(before);
  const written: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const pace = createPace(signal);
  for (const [path, file] of files) {
    // Put already, whatever became of it: nothing to look at.
    if (before.get(path) === file.sha256) continue;
    if (pace.isDue()) await pace.rest();
    const outcome = applyFile(home, path, file, before.get(path) ?? null, owner);
    if (outcome.kind === "written") written.push(path);
    if (outcome.kind === "written" || outcome.kind === "there-already") put.set(path, file.sha256);
    if (outcome.kind === "kept") diagnostics.push(keptDiagnostic(path, file, outcome));
  }
  return { put, written, diagnostics };
}

type Outcome =
  | { readonly kind: "written" }
  /** The same text is there. */
  | { readonly kind: "there-already" }
  /** The user took it away. */
  | { readonly kind: "removed" }
  | { readonly kind: "kept"; readonly why: string; readonly hint?: string };

function applyFile(
  home: OpenFolder,
  path: string,
  file: TemplateFile,
  putBefore: string | null,
  owner: Owner | null,
): Outcome {
  const names = path.split("/");
  const name = names.pop() ?? "";
  // Folders that the user took away with what was in them are not made again.
  const folders: EntryAttributes | null = putBefore === null ? { mode: 0o700, owner } : null;
  try {
    return withFolderBelow(home, names, folders, (folder) => {
      const present = readPresent(folder, name, file);
      if (present.kind === "other") return { kind: "kept", why: describeFileProblem(present.problem) };
      if (present.kind === "file" && present.sha256 === file.sha256) return { kind: "there-already" };
      if (present.kind === "missing" && putBefore !== null) return { kind: "removed" };
      if (present.kind === "file" && present.sha256 !== putBefore) {
        return putBefore === null
          ? {
              kind: "kept",
              why: "there is one already",
              hint: "Remove that one, and it is put there the next time.",
            }
          : { kind: "kept", why: "it was changed in the home, and in the template too" };
      }
      replaceFileIn(folder, name, file.content, { mode: file.executable ? 0o700 : 0o600, owner });
      return { kind: "written" };
    });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "ENOENT" && putBefore !== null) return { kind: "removed" };
    const why = inTheWay.get(errno);
    if (why === undefined) throw error;
    return { kind: "kept", why };
  }
}

/** What a sandbox may have put where a folder of the path belongs, or made of the file between two steps of ours. */
const inTheWay = new Map([
  ["ELOOP", "a folder above it is a link"],
  ["ENOTDIR", "what is above it is no folder"],
  ["EACCES", "a folder above it is closed to us"],
  ["EISDIR", "it is a folder"],
  ["ENOENT", "a folder above it was taken away"],
]);

type Present =
  | { readonly kind: "missing" }
  | { readonly kind: "file"; readonly sha256: string }
  | { readonly kind: "other"; readonly problem: FileProblem };

function readPresent(folder: OpenFolder, name: string, file: TemplateFile): Present {
  // What is longer than anything that a template may hold is not as we put it.
  const read = readRegularFile(pathIn(folder, name), Math.max(file.content.length, maxComparedBytes));
  if (read.ok) return { kind: "file", sha256: sha256(read.bytes) };
  if (read.problem.kind === "missing") return { kind: "missing" };
  if (read.problem.kind === "too-large") return { kind: "file", sha256: "" };
  return { kind: "other", problem: read.problem };
}

const maxComparedBytes = 16 * 1024 * 1024;

function keptDiagnostic(
  path: string,
  { from }: TemplateFile,
  { why, hint }: { readonly why: string; readonly hint?: string },
): Diagnostic {
  return {
    code: "HOME_TEMPLATE_KEPT",
    severity: "info",
    message: `${quoteValue(path)} of the ${describeTemplate(from)} was not put into the home: ${why}.`,
    hint: hint ?? "Bring the two together by hand.",
  };
}
