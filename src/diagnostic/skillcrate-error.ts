import type { Diagnostic } from "./diagnostic.ts";
import type { ErrorCode } from "./error-codes.ts";

interface SkillcrateErrorDetails {
  /** What to do next, as an instruction; may hold several lines, each a command. */
  readonly hint: string;
  readonly cause?: unknown;
  /** The problems in the user's input that led here, if any. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** The one error class: an operation that failed, with a stable code, a hint, and its cause kept. */
export class SkillcrateError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: ErrorCode, message: string, details: SkillcrateErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "SkillcrateError";
    this.code = code;
    this.hint = details.hint;
    this.diagnostics = details.diagnostics ?? [];
  }
}
