import type { Findings } from "./findings.ts";

/** What the readers of single fields share. */
export interface Reading {
  readonly findings: Findings;
  /** False if an error already tells of a part of the head that was not read: what it held is then not missed. */
  readonly isWhole: boolean;
  /** Remembers where the value at a path of the skill stands, for example `requires.bins.0`. */
  note(path: string, offset: number): void;
}
