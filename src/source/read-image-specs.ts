import { realpathSync } from "node:fs";
import { basename, join } from "node:path";
import JSON5 from "json5";
import type { z } from "zod";
import type { DiagnosticCode } from "../diagnostic/codes.ts";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeFileProblem, type FileProblem, toFileProblem } from "../host/file-problem.ts";
import {
  closeFolder,
  listFolder,
  type OpenFolder,
  openFolder,
  openFolderIn,
  pathIn,
} from "../host/open-folder.ts";
import { type ReadResult, readRegularFile } from "../host/read-regular-file.ts";
import { type ImageSpec, imageSpecSchema, type LoadedImageSpec } from "../plan/image-spec.ts";

export interface ReadImageSpecsResult {
  /** Sorted by name; only those without an error. */
  readonly specs: readonly LoadedImageSpec[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads every `*.json5` directly in `dir` and the files that they copy in. `files[].source` is `/`-separated, relative
 * to `dir` and stays in it; no link is followed.
 */
export async function readImageSpecs(dir: string): Promise<ReadImageSpecsResult> {
  const opened = openResolved(dir);
  if (!opened.ok) return { specs: [], diagnostics: [folderUnreadable(dir, opened.problem)] };
  const { folder } = opened;
  try {
    const listed = listFolder(folder);
    if (!listed.ok) return { specs: [], diagnostics: [folderUnreadable(dir, listed.problem)] };
    const names = listed.entries.map((entry) => entry.name).filter((name) => name.endsWith(".json5"));
    const specs: LoadedImageSpec[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const name of names.sort(compareText)) {
      const read = readImageSpec(folder, name);
      if (read.spec !== null) specs.push(read.spec);
      diagnostics.push(...read.diagnostics);
    }
    return { specs, diagnostics };
  } finally {
    closeFolder(folder);
  }
}

/** Larger than any text or script that belongs into an image this way. */
const maxSpecBytes = 1_000_000;
const maxFileBytes = 16_000_000;

function openResolved(dir: string): ReturnType<typeof openFolder> {
  try {
    return openFolder(realpathSync(dir));
  } catch (error) {
    return { ok: false, problem: toFileProblem(error) };
  }
}

interface ReadSpec {
  readonly spec: LoadedImageSpec | null;
  readonly diagnostics: readonly Diagnostic[];
}

function readImageSpec(folder: OpenFolder, name: string): ReadSpec {
  const file = join(folder.path, name);
  const read = readRegularFile(pathIn(folder, name), maxSpecBytes);
  if (!read.ok) {
    const why = describeFileProblem(read.problem);
    return failed(
      problem("IMAGE_SPEC_UNREADABLE", file, `${quoteValue(name)} cannot be read: ${why}.`, readableHint),
    );
  }
  const parsed = parseSpec(read.bytes.toString("utf8"), file);
  if (parsed.spec === null) return { spec: null, diagnostics: parsed.diagnostics };
  if (`${parsed.spec.name}.json5` !== name) {
    const message = `The image in ${quoteValue(name)} calls itself ${quoteValue(parsed.spec.name)}.`;
    return failed(problem("IMAGE_SPEC_NAME", file, message, "Give file and image the same name."));
  }
  return loadFiles(folder, file, parsed.spec);
}

function parseSpec(
  text: string,
  file: string,
): { spec: ImageSpec | null; diagnostics: readonly Diagnostic[] } {
  let written: unknown;
  try {
    written = JSON5.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    return failedParse(file, error);
  }
  const result = imageSpecSchema.safeParse(written);
  if (result.success) return { spec: result.data, diagnostics: [] };
  return { spec: null, diagnostics: result.error.issues.map((issue) => shapeDiagnostic(file, issue)) };
}

function failedParse(file: string, error: unknown): { spec: null; diagnostics: readonly Diagnostic[] } {
  // json5 throws a SyntaxError that carries the place; anything else is not about the text.
  if (!(error instanceof SyntaxError)) throw error;
  const at = error as SyntaxError & { readonly lineNumber?: number; readonly columnNumber?: number };
  const diagnostic = problem(
    "IMAGE_SPEC_SYNTAX",
    file,
    `${quoteValue(basename(file))} is not JSON5: ${quoteValue(error.message.replace(/^JSON5: /, ""))}.`,
    "Correct the text at this place.",
  );
  const place = { file, line: at.lineNumber ?? 1, column: at.columnNumber ?? 1 };
  return { spec: null, diagnostics: [{ ...diagnostic, place }] };
}

function shapeDiagnostic(file: string, issue: z.core.$ZodIssue): Diagnostic {
  const path = issue.path.map(String).join(".");
  const where = path === "" ? "The definition" : quoteValue(path);
  return problem(
    "IMAGE_SPEC_SHAPE",
    file,
    `${where} in ${quoteValue(basename(file))} is not allowed: ${quoteValue(issue.message)}.`,
    "See the schema of image definitions for what belongs there.",
  );
}

function loadFiles(folder: OpenFolder, file: string, spec: ImageSpec): ReadSpec {
  const contents: Record<string, Uint8Array> = {};
  const diagnostics: Diagnostic[] = [];
  for (const [index, { source }] of spec.files.entries()) {
    const read = readBelow(folder, source);
    if (read.ok) contents[source] = read.bytes;
    else {
      const message = `"files.${index}.source" ${quoteValue(source)} is not used: ${describeFileProblem(read.problem)}.`;
      const hint = "Name a regular file inside the folder of image definitions, without links and without ..";
      diagnostics.push(problem("IMAGE_SPEC_FILE", file, message, hint));
    }
  }
  return diagnostics.length === 0 ? { spec: { spec, contents }, diagnostics } : { spec: null, diagnostics };
}

/** Opens one name after the other, so that neither `..` nor a link leads out of the folder. */
function readBelow(root: OpenFolder, source: string): ReadResult {
  const names = source.split("/");
  const fileName = names.pop() ?? "";
  if (
    [...names, fileName].some((name) => name === "" || name === "." || name === ".." || name === "__proto__")
  ) {
    return { ok: false, problem: { kind: "wrong-type", what: "no path below that folder" } };
  }
  const opened: OpenFolder[] = [];
  let folder = root;
  try {
    for (const name of names) {
      const result = openFolderIn(folder, name);
      if (!result.ok) return result;
      opened.push(result.folder);
      folder = result.folder;
    }
    return readRegularFile(pathIn(folder, fileName), maxFileBytes);
  } finally {
    for (const each of opened) closeFolder(each);
  }
}

const readableHint = "Make it a regular file that this user can read.";

function folderUnreadable(dir: string, cause: FileProblem): Diagnostic {
  const message = `The folder of image definitions ${quoteValue(dir)} cannot be read: ${describeFileProblem(cause)}.`;
  return { ...problem("IMAGE_SPEC_UNREADABLE", dir, message, "Name a folder that holds image definitions.") };
}

function failed(diagnostic: Diagnostic): ReadSpec {
  return { spec: null, diagnostics: [diagnostic] };
}

function problem(code: DiagnosticCode, file: string, message: string, hint: string): Diagnostic {
  return { code, severity: "error", message, hint, place: { file, line: 1, column: 1 } };
}
