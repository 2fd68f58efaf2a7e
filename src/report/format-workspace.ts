import { escapeText } from "../diagnostic/quote-value.ts";
import type { WorkspaceListing } from "../sandbox/workspace/list-workspace.ts";
import type { StagedMedia } from "../sandbox/workspace/stage-media.ts";
import { formatBytes } from "./format-bytes.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** A row for each entry of a folder, folders marked by a slash and links with what they say. */
export function formatWorkspaceListing(
  { insidePath, entries, complete }: WorkspaceListing,
  style: Style,
): string {
  if (entries.length === 0) return `${escapeText(insidePath)} is empty.`;
  const endings = { file: "", folder: "/", link: "", special: "" };
  const table = formatTable(
    [{ title: "name", flexible: true }, { title: "size", align: "right" }, { title: "" }],
    entries.map(({ name, type, sizeBytes, linkTarget }) => [
      `${escapeText(name)}${endings[type]}`,
      type === "file" ? formatBytes(sizeBytes) : "",
      type === "link"
        ? `→ ${escapeText(linkTarget ?? "")}`
        : type === "special"
          ? "pipe, socket or device"
          : "",
    ]),
    style,
  );
  return complete ? table : `${table}\n${style.dim("There is more than this.")}`;
}

/** A row for each medium: where it is inside, its size, and what it was called. */
export function formatStagedMedia(staged: readonly StagedMedia[], style: Style): string {
  return formatTable(
    [{ title: "inside" }, { title: "size", align: "right" }, { title: "from", flexible: true }],
    staged.map(({ insidePath, sizeBytes, originalName }) => [
      { text: insidePath, paint: style.bold },
      formatBytes(sizeBytes),
      escapeText(originalName ?? ""),
    ]),
    style,
  );
}
