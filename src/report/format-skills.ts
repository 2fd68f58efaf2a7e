import { escapeText } from "../diagnostic/quote-value.ts";
import type { Skill, SkillState } from "../skill/skill.ts";
import { formatCount } from "./format-count.ts";
import { formatPath } from "./format-place.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** A row for each skill, and how many there are of each state. */
export function formatSkills(skills: readonly Skill[], style: Style, cwd: string): string {
  const paints = { ok: style.green, recovered: style.yellow, invalid: style.red };
  const table = formatTable(
    [
      { title: "skill" },
      { title: "state" },
      { title: "requires", flexible: true },
      { title: "folder", flexible: true },
    ],
    skills.map((skill) => [
      { text: escapeText(skill.name), paint: style.bold },
      { text: skill.state, paint: paints[skill.state] },
      escapeText(describeRequirements(skill)),
      { text: formatPath(skill.dir, cwd), paint: style.dim },
    ]),
    style,
  );
  return `${table}\n\n${formatStates(skills)}`;
}

/** `jq, rg or grep, $TOKEN, config channels.slack, darwin only`; a dash where nothing is required. */
function describeRequirements({ requires, os }: Skill): string {
  const parts = [
    ...requires.bins,
    ...(requires.anyBins.length > 0 ? [requires.anyBins.join(" or ")] : []),
    ...requires.env.map((name) => `$${name}`),
    ...requires.config.map((key) => `config ${key}`),
    ...(os.length > 0 && !os.includes("linux") ? [`${os.join(" or ")} only`] : []),
  ];
  return parts.length > 0 ? parts.join(", ") : "-";
}

/** `36 skills: 33 ok, 2 recovered, 1 invalid` */
function formatStates(skills: readonly Skill[]): string {
  const states: readonly SkillState[] = ["ok", "recovered", "invalid"];
  const counts = states
    .map((state) => ({ state, count: skills.filter((skill) => skill.state === state).length }))
    .filter(({ count }) => count > 0);
  return `${formatCount(skills.length, "skill")}: ${counts.map(({ state, count }) => `${count} ${state}`).join(", ")}`;
}
