import type { Findings } from "./findings.ts";

/** What the readers of single fields share. */
export interface Reading {
  readonly findings: Findings;
  /** Remembers where the value at a path of the skill stands, for example `requires.bins.0`. */
  note(path: string, offset: number): void;
}
