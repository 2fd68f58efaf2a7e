import JSON5 from "json5";
import { longestConfigText } from "../config/longest-config-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { readRegularFile } from "../host/read-regular-file.ts";

export interface ReadGatewayConfigResult {
  /** The value of the file; anything goes. `undefined` where there is no file, or none that can be read. */
  readonly config: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a gateway's configuration (JSON5). A file that is not there is no problem; no value of it is ever quoted. */
export function readGatewayConfig(path: string): ReadGatewayConfigResult {
  const { text, diagnostics } = readGatewayText(path);
  if (text === null) return { config: undefined, diagnostics };
  try {
    return { config: JSON5.parse(text), diagnostics };
  } catch (error) {
    // json5 throws nothing else, but for nesting deeper than the stack. Its message may hold a piece of a secret.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    const line = "lineNumber" in error ? Number(error.lineNumber) : 1;
    return { config: undefined, diagnostics: [unreadable(path, "it is not JSON5", line)] };
  }
}

/** The text alone; null where there is no file, or none that can be read: the latter with a diagnostic. */
export function readGatewayText(path: string): {
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const read = readRegularFile(path, maxConfigBytes, { followLinks: true });
  if (read.ok) return { text: read.bytes.toString("utf8"), diagnostics: [] };
  if (read.problem.kind === "missing") return { text: null, diagnostics: [] };
  return { text: null, diagnostics: [unreadable(path, describeFileProblem(read.problem))] };
}

/** A character takes up to three bytes. */
const maxConfigBytes = 3 * longestConfigText;

function unreadable(path: string, why: string, line = 1): Diagnostic {
  return {
    code: "GATEWAY_CONFIG_UNREADABLE",
    severity: "error",
    message: `The gateway's configuration ${quoteValue(path)} is not used: ${why}.`,
    hint: "Correct the file; the gateway itself cannot read it either.",
    place: { file: path, line, column: 1 },
  };
}
