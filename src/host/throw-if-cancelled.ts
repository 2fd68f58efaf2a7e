import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";

/** Throws `CANCELLED` once the caller has given up. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new SkillcrateError("CANCELLED", "Stopped before it was done.", {
    hint: "Run it again.",
    cause: signal.reason,
  });
}
