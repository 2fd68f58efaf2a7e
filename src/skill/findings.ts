import type { DiagnosticCode } from "../diagnostic/codes.ts";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic, Place, Severity } from "../diagnostic/diagnostic.ts";

/** Collects the diagnostics of one SKILL.md; offsets count UTF-16 code units from the start of its text. */
export interface Findings {
  /** The file's text, without a byte order mark. */
  readonly text: string;
  error(code: DiagnosticCode, offset: number, message: string, hint: string): void;
  warning(code: DiagnosticCode, offset: number, message: string, hint: string): void;
  info(code: DiagnosticCode, offset: number, message: string, hint: string): void;
  placeAt(offset: number): Place;
  /** True once a diagnostic of this severity was added. */
  has(severity: Severity): boolean;
  /** In the order of the file, each once, at most {@link longestList}; a last one says what was cut. */
  list(): readonly Diagnostic[];
}

const longestList = 100;

export function createFindings(file: string, text: string): Findings {
  const found: Diagnostic[] = [];
  const severities = new Set<Severity>();
  const lineStarts = [0];

  const placeAt = (offset: number): Place => {
    const inside = Math.min(Math.max(offset, 0), text.length);
    extendLineStarts(lineStarts, text, inside);
    const line = lineOf(lineStarts, inside);
    return { file, line: line + 1, column: inside - (lineStarts[line] ?? 0) + 1 };
  };
  const seen = new Set<string>();
  const add =
    (severity: Severity) =>
    (code: DiagnosticCode, offset: number, message: string, hint: string): void => {
      const identity = `${code} ${offset} ${message}`;
      if (seen.has(identity)) return;
      seen.add(identity);
      severities.add(severity);
      found.push({ code, severity, message, hint, place: placeAt(offset) });
    };

  return {
    text,
    error: add("error"),
    warning: add("warning"),
    info: add("info"),
    placeAt,
    has: (severity) => severities.has(severity),
    list: () => cutList(inFileOrder(found)),
  };
}

/** Only as far as `offset`: places are in the head, and bodies are long. */
function extendLineStarts(lineStarts: number[], text: string, offset: number): void {
  let last = lineStarts.at(-1) ?? 0;
  while (last <= offset) {
    const feed = text.indexOf("\n", last);
    if (feed === -1 || feed >= offset) return;
    last = feed + 1;
    lineStarts.push(last);
  }
}

function lineOf(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function inFileOrder(found: readonly Diagnostic[]): Diagnostic[] {
  return found.toSorted(
    (left, right) =>
      (left.place?.line ?? 0) - (right.place?.line ?? 0) ||
      (left.place?.column ?? 0) - (right.place?.column ?? 0) ||
      compareText(left.code, right.code) ||
      compareText(left.message, right.message),
  );
}

/** Errors are kept before warnings, so that what a cut hides is never worse than what it shows. */
function cutList(found: Diagnostic[]): readonly Diagnostic[] {
  if (found.length <= longestList) return found;
  const worst = found.toSorted((left, right) => rank[left.severity] - rank[right.severity]);
  const kept = new Set(worst.slice(0, longestList));
  const last = found.findLast((diagnostic) => kept.has(diagnostic));
  const cut: Diagnostic = {
    code: "SKILL_DIAGNOSTICS_CUT",
    severity: "info",
    message: `${found.length - longestList} more problems of this skill are not shown.`,
    hint: "Repair those that are shown and scan again.",
    ...(last?.place === undefined ? {} : { place: last.place }),
  };
  return [...found.filter((diagnostic) => kept.has(diagnostic)), cut];
}

const rank = { error: 0, warning: 1, info: 2 } as const satisfies Record<Severity, number>;
