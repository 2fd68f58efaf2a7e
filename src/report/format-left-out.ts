import { escapeText } from "../diagnostic/quote-value.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

interface LeftOutSkill {
  readonly skill: string;
  readonly reasons: readonly string[];
  /** For another system, which is as it should be. */
  readonly elsewhere: boolean;
}

/** Every skill that is not in the image, with its reasons, those for other systems last; empty where there is none. */
export function formatLeftOut(skills: readonly LeftOutSkill[], style: Style): string {
  if (skills.length === 0) return "";
  const sorted = [
    ...skills.filter((skill) => !skill.elsewhere),
    ...skills.filter((skill) => skill.elsewhere),
  ];
  return formatTable(
    [{ title: "left out" }, { title: "why", flexible: true }],
    sorted.map(({ skill, reasons, elsewhere }) => [
      { text: escapeText(skill), paint: elsewhere ? style.dim : style.yellow },
      { text: reasons.map(escapeText).join("; "), paint: style.dim },
    ]),
    style,
  );
}
