import { escapeText } from "../diagnostic/quote-value.ts";
import { formatCount } from "./format-count.ts";
import type { Style } from "./style.ts";

interface LeftOutSkill {
  readonly skill: string;
  readonly reasons: readonly string[];
  /** For another system, which is as it should be. */
  readonly elsewhere: boolean;
}

/** Every skill that is not in the image, with its reasons; empty where there is none. */
export function formatLeftOut(skills: readonly LeftOutSkill[], style: Style): string {
  if (skills.length === 0) return "";
  const lines = skills.map(({ skill, reasons, elsewhere }) => {
    const name = escapeText(skill);
    const paint = elsewhere ? style.dim : style.yellow;
    return `  ${paint(name)}  ${reasons.map(escapeText).join("; ")}`;
  });
  return [`${formatCount(skills.length, "skill")} left out`, ...lines].join("\n");
}
