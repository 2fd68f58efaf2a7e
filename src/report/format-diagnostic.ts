import type { Diagnostic, Severity } from "../diagnostic/diagnostic.ts";
import { escapeText } from "../diagnostic/quote-value.ts";
import { formatPlace } from "./format-place.ts";
import type { Style } from "./style.ts";

/** A diagnostic, or an error in the same clothes. */
export type Reported = Omit<Diagnostic, "code"> & { readonly code: string };

/** `file:line:column severity CODE message`, and the hint on lines of its own below, each led by an arrow. */
export function formatDiagnostic(diagnostic: Reported, style: Style, cwd: string): string {
  const place = diagnostic.place === undefined ? "" : `${formatPlace(diagnostic.place, cwd)} `;
  const severity = paintSeverity(diagnostic.severity, style);
  // An error that tried several ways says so on several lines.
  const message = diagnostic.message.split("\n").map(escapeText).join("\n");
  const head = `${place}${severity} ${style.bold(diagnostic.code)} ${message}`;
  return [head, ...formatHint(diagnostic.hint, style)].join("\n");
}

/** A hint's lines, indented; a hint may be several commands, one a line. */
export function formatHint(hint: string, style: Style): string[] {
  return hint
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => `  ${style.dim("→")} ${escapeText(line)}`);
}

function paintSeverity(severity: Severity, style: Style): string {
  if (severity === "error") return style.red(severity);
  return severity === "warning" ? style.yellow(severity) : style.dim(severity);
}
