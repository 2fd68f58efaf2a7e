import { escapeText } from "../diagnostic/quote-value.ts";
import type { MirroredSkills } from "../sandbox/mirror-skills-request.ts";
import { formatCount } from "./format-count.ts";
import { formatPath } from "./format-place.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** What a sandbox sees, what it does not and why, and what the model's list of skills takes. */
export function formatMirror(mirrored: MirroredSkills, style: Style, cwd: string): string {
  return [formatSeen(mirrored, style), formatMissing(mirrored, style), formatSummary(mirrored, cwd)]
    .filter((part) => part !== "")
    .join("\n\n");
}

function formatSeen({ skills }: MirroredSkills, style: Style): string {
  if (skills.length === 0) return "";
  return formatTable(
    [{ title: "skill" }, { title: "source" }, { title: "inside", flexible: true }],
    skills.map(({ name, source, location }) => [
      { text: escapeText(name), paint: style.bold },
      source,
      { text: escapeText(location), paint: style.dim },
    ]),
    style,
  );
}

function formatMissing({ excluded, refused }: MirroredSkills, style: Style): string {
  const rows = [
    ...excluded.map(({ name, reason }) => ({ name, reason })),
    ...refused.map(({ name, diagnostic }) => ({ name, reason: diagnostic.message })),
  ];
  if (rows.length === 0) return "";
  return formatTable(
    [{ title: "not there" }, { title: "why", flexible: true }],
    rows.map(({ name, reason }) => [
      { text: escapeText(name), paint: style.yellow },
      { text: escapeText(reason), paint: style.dim },
    ]),
    style,
  );
}

function formatSummary({ skills, list, mounts, changed, copied }: MirroredSkills, cwd: string): string {
  const mount = mounts.find(({ purpose }) => purpose === "skills");
  const where =
    mount === undefined ? "" : `, mirrored in ${formatPath(mount.source, cwd)} for ${mount.target} inside`;
  const what = changed ? `${formatCount(copied.files, "file")} copied` : "nothing changed";
  const listed = `the model's list takes ${list.characters} characters${list.form === "compact" ? ", without descriptions" : ""}`;
  return `${formatCount(skills.length, "skill")}${where}; ${what}; ${listed}`;
}
