import { relative } from "node:path";
import type { Place } from "../diagnostic/diagnostic.ts";
import { escapeText } from "../diagnostic/quote-value.ts";

/** `file:line:column` as editors and terminals make clickable; the file relative to `cwd` where that is shorter. */
export function formatPlace(place: Place, cwd: string): string {
  return `${formatPath(place.file, cwd)}:${place.line}:${place.column}`;
}

/** A path for people: relative where it lies below `cwd`, escaped in any case. */
export function formatPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return escapeText(near === "" || near.startsWith("..") ? path : near);
}
