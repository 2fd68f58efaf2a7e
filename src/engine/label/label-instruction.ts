import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";

/** A `LABEL` instruction, on one line, that every builder reads as these values and nothing else. */
export function labelInstruction(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${quote(key)}=${quote(value)}`);
  return `LABEL ${pairs.join(" ")}`;
}

/** In double quotes a Dockerfile knows three special characters. A line end cannot be written in any way. */
function quote(text: string): string {
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text)) {
    throw new SkillcrateError("INTERNAL", "a label holds a control character", {
      hint: "What goes into labels should have been escaped before; please report it.",
    });
  }
  return `"${text.replace(/["\\$]/g, "\\$&")}"`;
}
