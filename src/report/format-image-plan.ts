import { compareText } from "../diagnostic/compare-text.ts";
import { escapeText } from "../diagnostic/quote-value.ts";
import type { ImagePlan, Requester } from "../plan/image-plan.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** One planned image: its tag, what it stands on, and a row for each layer with those who asked for it. */
export function formatImagePlan(plan: ImagePlan, style: Style): string {
  const hash = style.dim(`${plan.platform} plan ${plan.hash.slice(0, 12)}`);
  const head = `${style.bold(escapeText(plan.tag))}  ${hash}`;
  const below = [`on ${escapeText(plan.below.reference)}`, ""];
  const layers = plan.layers.map((layer) => [
    escapeText(layer.title),
    escapeText(requesters(layer.requestedBy)),
  ]);
  const table = formatTable(
    [{ title: "layer", flexible: true }, { title: "for" }],
    [below, ...layers].map(([title, asked]) => [title ?? "", { text: asked ?? "", paint: style.dim }]),
    { ...style, columns: style.columns === null ? null : style.columns - 2 },
  );
  const rows = table.split("\n").slice(1);
  return [head, ...rows.map((row) => `  ${row}`)].join("\n");
}

/** The names of the skills that asked for a layer, each once, sorted. */
export function skillsOf(requestedBy: readonly Requester[]): string[] {
  return [...new Set(requestedBy.map((requester) => requester.skill))].sort(compareText);
}

function requesters(requestedBy: readonly Requester[]): string {
  const names = skillsOf(requestedBy);
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
