import type { Place } from "../diagnostic/diagnostic.ts";
import type { Skill } from "../skill/skill.ts";

/** Where a command is asked for, else where commands are, else the SKILL.md's first line. */
export function placeOfBin({ requires, places, file }: Skill, bin: string): Place {
  const lists = [
    ["requires.bins", requires.bins],
    ["requires.anyBins", requires.anyBins],
  ] as const;
  for (const [key, bins] of lists) {
    const index = bins.indexOf(bin);
    if (index !== -1) return places[`${key}.${index}`] ?? places[key] ?? { file, line: 1, column: 1 };
  }
  return { file, line: 1, column: 1 };
}
