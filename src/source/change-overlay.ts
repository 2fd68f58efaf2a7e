import { realpathSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { closeFolder, openFolder } from "../host/open-folder.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import { createFileIn, replaceFileIn } from "../host/write-in-folder.ts";
import { overlayTemplate } from "./overlay-template.ts";
import { parseOverlay } from "./parse-overlay.ts";
import { maxOverlayBytes } from "./read-overlay.ts";

/**
 * Replaces an overlay in one step with what `change` makes of its text, keeping its mode; one that is not there begins
 * as `init` writes it. `file` is absolute, and may be a link to the file itself. Throws `INPUT_INVALID`, and changes
 * nothing, where it has errors before or after.
 */
export function changeOverlay(file: string, change: (text: string) => string): void {
  const text = readText(file);
  requireUsable(text ?? overlayTemplate, file, "The overlay cannot be changed as it is.");
  const changed = change(text ?? overlayTemplate);
  requireUsable(changed, file, "The overlay cannot hold what was to be added.");
  if (!write(file, changed, text === null)) throw refused(file, "Another program wrote it meanwhile.");
}

/** Null where there is no such file. */
function readText(file: string): string | null {
  const read = readRegularFile(file, maxOverlayBytes, { followLinks: true });
  if (read.ok) return read.bytes.toString("utf8");
  if (read.problem.kind === "missing") return null;
  throw refused(file, `${describeFileProblem(read.problem)}.`);
}

function requireUsable(text: string, file: string, message: string): void {
  const { diagnostics } = parseOverlay(text, file);
  if (diagnostics.every(({ severity }) => severity !== "error")) return;
  const hint = "Correct it, or name another one: --config FILE";
  throw new SkillcrateError("INPUT_INVALID", message, { hint, diagnostics });
}

/** False where a new file was to be made and another one is there now. */
function write(file: string, text: string, isNew: boolean): boolean {
  const path = isNew ? file : realpathSync(file);
  const opened = openFolder(realpathSync(dirname(path)));
  if (!opened.ok) throw refused(file, `Its folder: ${describeFileProblem(opened.problem)}.`);
  try {
    if (isNew) return createFileIn(opened.folder, basename(path), text, { mode: 0o644, owner: null });
    const { mode } = statSync(path);
    replaceFileIn(opened.folder, basename(path), text, { mode: mode & 0o777, owner: null });
    return true;
  } finally {
    closeFolder(opened.folder);
  }
}

function refused(file: string, why: string): SkillcrateError {
  const hint = "Name another file: --config FILE";
  return new SkillcrateError("INPUT_INVALID", `The overlay ${quoteValue(file)} was not changed. ${why}`, {
    hint,
  });
}
