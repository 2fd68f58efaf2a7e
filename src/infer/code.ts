import type { Mention } from "./mention.ts";

export type Language = "python" | "javascript" | "shell";

/** A program that stands inside another: `python3 -c "…"`, a here-document, a text given to `os.system`. */
export interface Code {
  readonly language: Language;
  readonly text: string;
  /** Where it begins in the text around it; exact but for what escapes inside shift. */
  readonly offset: number;
}

/** What one text tells. */
export interface Reading {
  readonly mentions: readonly Mention[];
  readonly code: readonly Code[];
}

export const nothing: Reading = { mentions: [], code: [] };

export function joinReadings(readings: readonly Reading[]): Reading {
  return {
    mentions: readings.flatMap(({ mentions }) => mentions),
    code: readings.flatMap(({ code }) => code),
  };
}

/** Stands in a text for what is known only when the program runs; no name has it. */
export const hole = "\u0001";
