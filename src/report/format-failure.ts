import type { Place } from "../diagnostic/diagnostic.ts";
import { escapeText } from "../diagnostic/quote-value.ts";
import { cutToWidth, displayWidth } from "./display-width.ts";
import { formatDiagnostic, formatHint, type Reported } from "./format-diagnostic.ts";
import { formatPlace } from "./format-place.ts";
import type { Style } from "./style.ts";
import { withoutColors } from "./without-colors.ts";

/** Gives one line (counted from 1) of a file, or null where it cannot be had. */
export type ReadLine = (file: string, line: number) => string | null;

/** A diagnostic of an image that failed, with what is known of where and why. */
export interface FailureReport extends Reported {
  /** The lines of the skills that asked for what failed. */
  readonly places: readonly Place[];
  /** The last lines of the failed step. */
  readonly log: readonly string[];
}

/** Code and message, the lines of the skills that asked for it, the last lines of the log, the hint. */
export function formatFailure(failure: FailureReport, style: Style, cwd: string, readLine: ReadLine): string {
  const { places, log, hint } = failure;
  const excerpts = places
    .slice(0, longestPlaces)
    .flatMap((place) => formatExcerpt(place, style, cwd, readLine));
  const rest = places.length > longestPlaces ? [`  … and ${places.length - longestPlaces} more`] : [];
  const lines = log
    .slice(-longestLog)
    .map((text) => `  ${style.dim("│")} ${escapeText(withoutColors(text))}`);
  const head = formatDiagnostic({ ...failure, hint: "" }, style, cwd);
  return [head, ...excerpts, ...rest, ...lines, ...formatHint(hint, style)].join("\n");
}

/** The line that asked for it, under its place, with a caret where the value starts. */
function formatExcerpt(place: Place, style: Style, cwd: string, readLine: ReadLine): string[] {
  const head = `  asked for at ${formatPlace(place, cwd)}`;
  const source = readLine(place.file, place.line)?.replace(/\t/g, " ");
  if (source === undefined) return [head];
  const number = String(place.line);
  const room = (style.columns ?? 120) - number.length - 5;
  // Of a long line, such as metadata in one, what stands around the value is shown.
  const start = Math.max(place.column - 1 - Math.floor(room / 2), 0);
  const lead = start > 0 ? "…" : "";
  const before = displayWidth(`${lead}${escapeText(source.slice(start, place.column - 1))}`);
  const shown = cutToWidth(`${lead}${escapeText(source.slice(start))}`, room);
  const caret = before < displayWidth(shown) ? `${" ".repeat(before)}${style.red("^")}` : "";
  return [
    head,
    `  ${style.dim(`${number} │`)} ${shown}`,
    `  ${" ".repeat(number.length)} ${style.dim("│")} ${caret}`.trimEnd(),
  ];
}

const longestPlaces = 5;
const longestLog = 50;
