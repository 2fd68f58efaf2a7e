import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { formatPath } from "../../report/format-place.ts";
import { overlayTemplate } from "../../source/overlay-template.ts";
import { overlayFileName } from "../../source/read-overlay.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { initOptions } from "../command-options.ts";

/** Writes an overlay that changes nothing yet and explains itself. Throws `OVERLAY_EXISTS` where there is one. */
export async function init({
  options,
  cwd,
}: Pick<CommandContext<typeof initOptions>, "options" | "cwd">): Promise<CommandOutput> {
  const file = resolve(cwd, options.config ?? overlayFileName);
  writeNew(file);
  return {
    outcome: "ok",
    diagnostics: [],
    result: { file },
    text: (style) => `${style.bold(formatPath(file, cwd))} was written; nothing in it has an effect yet`,
    next: "skillcrate plan",
  };
}

function writeNew(file: string): void {
  try {
    writeFileSync(file, overlayTemplate, { flag: "wx" });
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    throw new SkillcrateError("OVERLAY_EXISTS", `There is a file ${quoteValue(file)} already.`, {
      hint: "Edit it, or choose another name: --config FILE",
      cause: error,
    });
  }
}
