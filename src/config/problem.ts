import type { DiagnosticCode } from "../diagnostic/codes.ts";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic, Place, Severity } from "../diagnostic/diagnostic.ts";
import { escapeText } from "../diagnostic/quote-value.ts";
import type { Origin } from "./sandbox-config.ts";
import { formatKeyPath, type KeyPath } from "./session/key-path.ts";

/** What is wrong with a setting; `what` goes on after its key. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly what: string;
  readonly hint: string;
}

/** A problem at a key of the configuration. */
export function problemAt(key: string | KeyPath, place: Place | null, problem: Problem): Diagnostic {
  const name = typeof key === "string" ? key : formatKeyPath(key);
  return {
    code: problem.code,
    severity: problem.severity,
    message: `"${escapeText(name)}" ${problem.what}.`,
    hint: problem.hint,
    ...(place === null ? {} : { place }),
  };
}

/** A problem with an effective value, at the place that it is from. */
export function problemOf(origin: Origin, problem: Problem): Diagnostic {
  return problemAt(origin.key, placeOfOrigin(origin), problem);
}

/** Null: nobody has written it, or nobody knows where. */
export function placeOfOrigin({ file, line, column }: Origin): Place | null {
  return file === null || line === null || column === null ? null : { file, line, column };
}

/** In the order of the file, each once. */
export function sortProblems(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...unique.values()].sort(
    (left, right) =>
      (left.place?.line ?? 0) - (right.place?.line ?? 0) ||
      (left.place?.column ?? 0) - (right.place?.column ?? 0) ||
      compareText(left.code, right.code) ||
      compareText(left.message, right.message),
  );
}
