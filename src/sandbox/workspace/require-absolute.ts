import { isAbsolute } from "node:path";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";

/** Throws `INPUT_INVALID` for a host path that would depend on the current folder. */
export function requireAbsolute(path: string): void {
  if (isAbsolute(path) && !path.includes("\0")) return;
  throw new SkillcrateError("INPUT_INVALID", `${quoteValue(path)} is not an absolute path of this machine.`, {
    hint: "Give the whole path, from /.",
  });
}
