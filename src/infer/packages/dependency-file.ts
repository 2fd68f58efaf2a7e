import type { Mention } from "../mention.ts";

/** Something in a file of dependencies that is not taken. */
export interface DependencyFault {
  readonly offset: number;
  /** `invalid`: the file itself cannot be read. */
  readonly kind: "refused" | "unsupported" | "invalid";
  /** As it is written. */
  readonly text: string;
  /** A clause: why. */
  readonly reason: string;
}

export interface DependencyReading {
  readonly mentions: readonly Mention[];
  readonly faults: readonly DependencyFault[];
}

export const noDependencies: DependencyReading = { mentions: [], faults: [] };

export function joinDependencies(readings: readonly DependencyReading[]): DependencyReading {
  return {
    mentions: readings.flatMap(({ mentions }) => mentions),
    faults: readings.flatMap(({ faults }) => faults),
  };
}
