import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import type { Overlay } from "../recipe/overlay.ts";

/** The file that is looked for in the current folder. */
export const overlayFileName = "skillcrate.json5";

export interface ReadOverlayResult {
  /** Null where there is no such file, or one with an error. */
  readonly overlay: Overlay | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads an overlay (JSON5); `file` is absolute. One that is not there is no problem unless it is `required`. */
export async function readOverlay(
  file: string,
  { required }: { readonly required: boolean },
): Promise<ReadOverlayResult> {
  const read = readRegularFile(file, maxOverlayBytes, { followLinks: true });
  if (!read.ok) {
    if (read.problem.kind === "missing" && !required) return { overlay: null, diagnostics: [] };
    return { overlay: null, diagnostics: [unreadable(file, describeFileProblem(read.problem))] };
  }
  // Loaded only where there is something to parse.
  const { parseOverlay } = await import("./parse-overlay.ts");
  return parseOverlay(read.bytes.toString("utf8"), file);
}

/** Corrections for ten thousand skills. */
export const maxOverlayBytes = 4_000_000;

function unreadable(file: string, why: string): Diagnostic {
  return {
    code: "OVERLAY_UNREADABLE",
    severity: "error",
    message: `The overlay ${quoteValue(file)} cannot be read: ${why}.`,
    hint: "Name a file that this user can read, or write one: skillcrate init",
    place: { file, line: 1, column: 1 },
  };
}
