import type { Place } from "../diagnostic/diagnostic.ts";
import { escapeText } from "../diagnostic/quote-value.ts";
import type { BuildEvent } from "../engine/build-event.ts";
import { cutToWidth } from "./display-width.ts";
import { formatHint } from "./format-diagnostic.ts";
import { formatPlace } from "./format-place.ts";
import type { Style } from "./style.ts";
import { withoutColors } from "./without-colors.ts";

/** Gives one line (counted from 1) of a file, or null where it cannot be had. */
export type ReadLine = (file: string, line: number) => string | null;

type ImageFailed = Extract<BuildEvent, { type: "image-failed" }>;

/** A failed image: code and message, the lines of the skills that asked for it, the last lines of the log, the hint. */
export function formatFailure(event: ImageFailed, style: Style, cwd: string, readLine: ReadLine): string {
  const head = `${style.red("✗")} ${style.cyan(escapeText(event.image))} ${style.bold(event.code)} ${escapeText(event.message)}`;
  const excerpts = event.places
    .slice(0, longestPlaces)
    .flatMap((place) => formatExcerpt(place, style, cwd, readLine));
  const more = event.places.length - longestPlaces;
  const rest = more > 0 ? [`  … and ${more} more`] : [];
  const log = event.log
    .slice(-longestLog)
    .map((text) => `  ${style.dim("│")} ${escapeText(withoutColors(text))}`);
  return [head, ...excerpts, ...rest, ...log, ...formatHint(event.hint, style)].join("\n");
}

/** The line that asked for it, under its place, with a caret where the value starts. */
function formatExcerpt(place: Place, style: Style, cwd: string, readLine: ReadLine): string[] {
  const head = `  asked for at ${formatPlace(place, cwd)}`;
  const source = readLine(place.file, place.line);
  if (source === null) return [head];
  const number = String(place.line);
  // Escaping may lengthen what stands before the caret; a tab becomes a blank so that it lines up.
  const before = escapeText(source.slice(0, place.column - 1).replace(/\t/g, " "));
  const shown = cutToWidth(
    escapeText(source.replace(/\t/g, " ")),
    (style.columns ?? 120) - number.length - 5,
  );
  return [
    head,
    `  ${style.dim(`${number} │`)} ${shown}`,
    ...(before.length < shown.length
      ? [`  ${" ".repeat(number.length)} ${style.dim("│")} ${" ".repeat(before.length)}${style.red("^")}`]
      : []),
  ];
}

const longestPlaces = 5;
const longestLog = 50;
