import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { Overlay } from "../recipe/overlay.ts";
import { matchesPattern } from "../skill/matches-pattern.ts";
import type { Skill } from "../skill/skill.ts";

/** The corrections that fit none of the skills: a name in the overlay is misspelled, or its skill is gone. */
export function unusedCorrections(overlay: Pick<Overlay, "skills">, skills: readonly Skill[]): Diagnostic[] {
  return overlay.skills
    .filter(({ pattern }) => skills.every(({ name }) => !matchesPattern(name, pattern)))
    .map(({ pattern, place }) => ({
      code: "OVERLAY_UNUSED",
      severity: "warning",
      message: `No skill has a name that fits ${quoteValue(pattern)}.`,
      hint: "Skills go by the name in their SKILL.md; skillcrate scan shows it.",
      place,
    }));
}
