import { escapeText } from "../../diagnostic/quote-value.ts";
import { type CleanResult, cleanImages } from "../../engine/clean-images.ts";
import { connectEngine } from "../../engine/connect/connect-engine.ts";
import { formatBytes } from "../../report/format-bytes.ts";
import { formatCount } from "../../report/format-count.ts";
import { formatTable } from "../../report/format-table.ts";
import type { Style } from "../../report/style.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { cleanOptions } from "../command-options.ts";
import { gatewayTagPrefixes, hasTagPrefix, tagAliases, toTagPrefix } from "../tag-prefix.ts";

/** Removes what this program made in the engine under a prefix, and nothing that anybody else made or uses. */
export async function clean(context: CommandContext<typeof cleanOptions>): Promise<CommandOutput> {
  const { dryRun, tagPrefix, allPrefixes } = context.options;
  const engine = await connectEngine(context);
  const cleaned = await cleanImages(engine, {
    dryRun,
    wanted: (tag) => allPrefixes || hasTagPrefix(tag, tagPrefix),
    aliases: (tag) => tagAliases(tag, gatewayTagPrefixes),
  });
  return {
    outcome: cleaned.kept.length > 0 ? "partial" : "ok",
    diagnostics: [],
    result: { dryRun, ...cleaned },
    text: (style) => formatCleaned(cleaned, dryRun, allPrefixes ? null : toTagPrefix(tagPrefix), style),
  };
}

function formatCleaned(
  { removed, kept, swept, freedBytes }: CleanResult,
  dryRun: boolean,
  prefix: string | null,
  style: Style,
): string {
  const nameOf = ({ id, tags }: CleanResult["removed"][number]) =>
    escapeText(tags.join(" ") || id.slice(0, 19));
  const rows = [
    ...removed.map((image) => [
      nameOf(image),
      formatBytes(image.ownBytes),
      dryRun ? "would be removed" : "removed",
    ]),
    ...kept.map((image) => [nameOf(image), formatBytes(image.ownBytes), `kept: ${escapeText(image.reason)}`]),
  ];
  const leftovers = swept.containers.length + swept.images.length;
  const lines = [
    rows.length === 0
      ? `There are no images of skillcrate${prefix === null ? "" : ` with the prefix ${prefix} (--all-prefixes: all)`}.`
      : formatTable([{ title: "image" }, { title: "size", align: "right" }, { title: "" }], rows, style),
    ...(leftovers > 0 ? [`${formatCount(leftovers, "leftover")} of interrupted runs removed`] : []),
    ...(removed.length > 0 ? [`${formatBytes(freedBytes)} ${dryRun ? "would be freed" : "freed"}`] : []),
  ];
  return lines.join("\n");
}
