import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";

/** The error of work that a signal stopped. `doing` completes "stopped while …". */
export function cancelled(doing: string): SkillcrateError {
  return new SkillcrateError("CANCELLED", `stopped while ${doing}`, {
    hint: "Run it again; nothing half-made was left behind.",
  });
}
