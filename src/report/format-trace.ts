import type { Place } from "../diagnostic/diagnostic.ts";
import { escapeText } from "../diagnostic/quote-value.ts";
import { describeRecipe } from "../recipe/describe-recipe.ts";
import type { Evidence, LibraryRecipe, Recipe, ResolutionStatus } from "../recipe/recipe.ts";
import { formatBytes } from "./format-bytes.ts";
import { formatPlace } from "./format-place.ts";

import type { Style } from "./style.ts";

/** The way of one command, library or package from who asks for it into an image. */
export interface Trace {
  readonly name: string;
  readonly kind: "command" | "library" | "package";
  /** The skill's name, or `images/<name>.json5`. */
  readonly requester: string;
  readonly place: Place | null;
  readonly status: ResolutionStatus;
  readonly evidence: Evidence | null;
  readonly recipe: Recipe | LibraryRecipe | null;
  readonly reason: string;
  /** Empty where the image below brings it without being asked, or where nothing does. */
  readonly layers: readonly TracedLayer[];
}

export interface TracedLayer {
  readonly image: string;
  readonly tag: string;
  readonly layer: string;
  readonly title: string;
  /** Of the whole layer, as predicted; `estimated` where that was never measured. */
  readonly downloadBytes: number;
  readonly installedBytes: number;
  readonly estimated: boolean;
  /** What of it has no known size, and counts as nothing. */
  readonly unknown: readonly string[];
}

/** A step a line: asked for by, status, evidence, recipe, layer, image. */
export function formatTrace(trace: Trace, style: Style, cwd: string): string {
  const { requester, place, evidence, recipe, reason, layers } = trace;
  const at = place === null ? "" : ` at ${formatPlace(place, cwd)}`;
  const rows: [string, string][] = [["asked for by", `${escapeText(requester)}${at}`]];
  rows.push([trace.status, escapeText(reason)]);
  if (evidence !== null) {
    const source = evidence.place === undefined ? "" : ` at ${formatPlace(evidence.place, cwd)}`;
    rows.push(["evidence", `${evidence.source}: ${escapeText(evidence.detail)}${source}`]);
  }
  if (recipe !== null) rows.push(["recipe", escapeText(describeRecipe(recipe))]);
  for (const layer of layers) {
    rows.push(["in", `${escapeText(layer.tag)}, layer ${escapeText(layer.title)}${formatSize(layer)}`]);
  }
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, text]) => `  ${style.dim(label.padEnd(width))}  ${text}`);
  return [style.bold(escapeText(trace.name)), ...lines].join("\n");
}

/** Names and settings have no size worth telling. */
function formatSize({ installedBytes, estimated, unknown }: TracedLayer): string {
  if (installedBytes === 0) return unknown.length === 0 ? "" : ", of unknown size";
  const rest = unknown.length === 0 ? "" : " and more of unknown size";
  return `, ${estimated ? "about " : ""}${formatBytes(installedBytes)}${rest}`;
}
