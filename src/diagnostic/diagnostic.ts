import type { DiagnosticCode } from "./codes.ts";

/** How bad a diagnostic is: an `error` leaves its skill out, a `warning` says what was repaired, `info` explains. */
export type Severity = "error" | "warning" | "info";

/** A position in a file; `line` and `column` count from 1, in UTF-16 code units as editors do. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One problem in something the user gave us. Never thrown: collected, sorted and shown together. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** One line; every foreign value in it has gone through {@link quoteValue}. */
  readonly message: string;
  /** What to type or write to make it go away. */
  readonly hint: string;
  readonly place?: Place;
}
