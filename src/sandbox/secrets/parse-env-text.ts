import { parse } from "dotenv";
import type { DiagnosticCode } from "../../diagnostic/codes.ts";
import type { Diagnostic, Severity } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { environmentNamePattern } from "../../skill/name-grammars.ts";
import { hideValues } from "./hide-values.ts";
import { type EnvPiece, splitEnvText } from "./split-env-text.ts";

export interface ParsedEnv {
  /** By name; of two assignments the later. Never shows itself when it is printed. */
  readonly values: ReadonlyMap<string, string>;
  /** The line of each name's assignment, from 1. */
  readonly lines: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the text of a `.env` file with the dotenv library: `export`, three kinds of quotes, values over several lines,
 * comments, any line ends. Whatever the library would pass over or cut without a word is a diagnostic with its line.
 * No diagnostic quotes anything but a valid name: any other text may be a secret in the wrong place.
 */
export function parseEnvText(text: string, file: string): ParsedEnv {
  const values = new Map<string, string>();
  const lines = new Map<string, number>();
  const diagnostics: Diagnostic[] = [];
  const report = (piece: EnvPiece, problem: Problem | null) => {
    if (problem === null || diagnostics.length > maxDiagnostics) return;
    const shown = diagnostics.length === maxDiagnostics ? tooMany : problem;
    diagnostics.push({ ...shown, place: { file, line: piece.line, column: 1 } });
  };
  for (const piece of splitEnvText(text)) {
    const value = readPiece(piece);
    report(piece, problemOf(piece, value));
    if (value === null) continue;
    const before = lines.get(piece.name);
    if (before !== undefined) report(piece, duplicate(piece.name, before));
    values.set(piece.name, value);
    lines.set(piece.name, piece.line);
  }
  return { values: hideValues(values), lines, diagnostics };
}

/** The value of one assignment; null: the piece is none, or one that gives nothing. */
export function readPiece(piece: EnvPiece): string | null {
  if (piece.kind !== "assignment" || !environmentNamePattern.test(piece.name)) return null;
  const read: Readonly<Record<string, string>> = parse(piece.text);
  return Object.hasOwn(read, piece.name) ? (read[piece.name] ?? null) : null;
}

const maxDiagnostics = 100;

interface Problem {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
}

function problemOf(piece: EnvPiece, value: string | null): Problem | null {
  switch (piece.kind) {
    case "blank":
      return null;
    case "stray":
      return {
        code: "SECRET_FILE_LINE",
        severity: "error",
        message: "This line is neither NAME=value nor a comment, and gives nothing.",
        hint: "Write NAME=value, or begin the line with #; a value over several lines needs quotes around it.",
      };
    case "open-quote":
      return {
        code: "SECRET_FILE_QUOTE",
        severity: "error",
        message:
          "The quote that opens here is not closed, or text follows the closing one; it gives nothing.",
        hint: "Close the quote; for a value with that quote inside, use one of the other two kinds: ' \" `",
      };
    case "assignment":
      return problemOfAssignment(piece, value);
  }
}

function problemOfAssignment(piece: EnvPiece, value: string | null): Problem | null {
  if (value === null) {
    return {
      code: "SECRET_FILE_NAME",
      severity: "error",
      message: "What stands before = is no name of an environment variable; the line gives nothing.",
      hint: "Letters, digits and _, not a digit first, at most 128 characters.",
    };
  }
  if (!/^['"`]/.test(piece.written) && /\S#/.test(piece.written)) {
    return {
      code: "SECRET_FILE_COMMENT",
      severity: "warning",
      message: `The value of ${quoteValue(piece.name)} ends at a # in its middle; the rest counts as a comment.`,
      hint: "Put the value in quotes, or a space before the #.",
    };
  }
  return null;
}

function duplicate(name: string, before: number): Problem {
  return {
    code: "SECRET_FILE_DUPLICATE",
    severity: "warning",
    message: `${quoteValue(name)} stands on line ${before} already; this later one counts.`,
    hint: "Remove one of the two.",
  };
}

const tooMany: Problem = {
  code: "SECRET_FILE_PROBLEMS_CUT",
  severity: "warning",
  message: `There are more than ${maxDiagnostics} problems; the others are not shown.`,
  hint: "Repair these first. Is it a .env file?",
};
