import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { errnoOf } from "./file-problem.ts";

/** The error for a state folder that cannot be used; keeps the cause. An error of ours passes unchanged. */
export function stateFailure(action: string, path: string, cause: unknown): SkillcrateError {
  if (cause instanceof SkillcrateError) return cause;
  const errno = errnoOf(cause);
  return new SkillcrateError(
    "STATE_FAILED",
    `Cannot ${action} ${quoteValue(path)} (${errno || "unknown error"}).`,
    {
      hint:
        errno === "ENOSPC" || errno === "EDQUOT"
          ? "Free some space on that disk, then run it again."
          : "Set SKILLCRATE_STATE_DIR to a folder that this user can write, or correct the owner of that one.",
      cause,
    },
  );
}
