import { compareText } from "../diagnostic/compare-text.ts";
import { escapeText } from "../diagnostic/quote-value.ts";
import type { Requester } from "../plan/image-plan.ts";
import type { PredictedLayer } from "../plan/predict-layer.ts";
import type { PredictedSize, SizedPlan } from "../plan/predict-sizes.ts";
import { formatBytes } from "./format-bytes.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/**
 * One planned image: its tag, its size, what it stands on, a row for each layer with its size and those who asked for
 * it, and one for each skill with what it brings.
 */
export function formatImagePlan({ plan, size }: SizedPlan, style: Style): string {
  const hash = style.dim(`${plan.platform} plan ${plan.hash.slice(0, 12)}`);
  const head = `${style.bold(escapeText(plan.tag))}  ${hash}`;
  const narrow = { ...style, columns: style.columns === null ? null : style.columns - 2 };
  const tables = [
    formatLayers({ plan, size }, narrow),
    ...(size.skills.length > 1 ? [formatShares(size, narrow)] : []),
  ];
  const rows = [describeSize(size), ...tables.flatMap((table) => table.split("\n"))];
  return [head, ...rows.map((row) => `  ${row}`)].join("\n");
}

/** The names of the skills that asked for a layer, each once, sorted. */
export function skillsOf(requestedBy: readonly Requester[]): string[] {
  return [...new Set(requestedBy.map((requester) => requester.skill))].sort(compareText);
}

function describeSize({
  downloadBytes,
  installedBytes,
  totalBytes,
  estimated,
  unknown,
}: PredictedSize): string {
  const parts = [
    `${formatBytes(downloadBytes)} to download`,
    `${formatBytes(installedBytes)} installed`,
    `${formatBytes(totalBytes)} with what is below`,
    ...(estimated ? ["estimated"] : []),
    ...(unknown.length > 0
      ? [`without ${unknown.length} of unknown size (known once it is built and locked: skillcrate lock)`]
      : []),
  ];
  return parts.join(", ");
}

function formatLayers({ plan, size }: SizedPlan, style: Style): string {
  const rows = plan.layers.map((layer, index) => ({
    title: escapeText(layer.title),
    size: layerSize(size.layers[index]),
    asked: escapeText(requesters(layer.requestedBy)),
  }));
  const below = { title: `on ${escapeText(plan.below.reference)}`, size: "", asked: "" };
  return formatTable(
    [{ title: "layer", flexible: true }, { title: "size", align: "right" }, { title: "for" }],
    [below, ...rows].map(({ title, size: text, asked }) => [title, text, { text: asked, paint: style.dim }]),
    style,
  );
}

function layerSize(layer: PredictedLayer | undefined): string {
  if (layer === undefined || layer.unknown.length > 0) return "?";
  if (layer.installedBytes === 0) return "-";
  return `${layer.estimated ? "~" : ""}${formatBytes(layer.installedBytes)}`;
}

function formatShares({ skills }: PredictedSize, style: Style): string {
  return formatTable(
    [{ title: "skill" }, { title: "download", align: "right" }, { title: "installed", align: "right" }],
    skills.map(({ skill, downloadBytes, installedBytes, unknown }) => [
      escapeText(skill),
      shareSize(downloadBytes, unknown),
      shareSize(installedBytes, unknown),
    ]),
    style,
  );
}

function shareSize(bytes: number, unknown: readonly string[]): string {
  if (unknown.length === 0) return formatBytes(bytes);
  return bytes === 0 ? "?" : `${formatBytes(bytes)} + ?`;
}

function requesters(requestedBy: readonly Requester[]): string {
  const names = skillsOf(requestedBy);
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
