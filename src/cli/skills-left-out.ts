import type { FinishedImage, ImageOutcome } from "../engine/build/build-outcome.ts";
import type { LeftOut, PlannedProfile } from "./plan-profile.ts";

/**
 * Every skill that is not in one skills image: those that planning left out, and those that need a part which the build had to
 * do without, since its index did not answer.
 */
export function skillsLeftOut(
  planned: Pick<PlannedProfile, "name" | "leftOut" | "resolutions" | "libraries">,
  outcome: ImageOutcome | undefined,
): LeftOut[] {
  const parts = outcome !== undefined && "leftOut" in outcome ? outcome.leftOut : [];
  const late = new Map<string, LeftOut>();
  for (const { skill, dir, name, status, isMissing } of requirementsOf(planned)) {
    const part = parts.find(isMissing);
    if (part === undefined || status !== "resolved" || planned.leftOut.some((left) => left.dir === dir))
      continue;
    const reasons = [...(late.get(dir)?.reasons ?? []), `"${name}": ${part.reason}`];
    late.set(dir, { image: planned.name, skill, dir, reasons, elsewhere: false });
  }
  return [...planned.leftOut, ...late.values()];
}

/** What a skill cannot be without: what only its files use may be missing. */
function requirementsOf({ resolutions, libraries }: Pick<PlannedProfile, "resolutions" | "libraries">) {
  return [
    ...resolutions
      .filter(({ inferred }) => inferred !== true)
      .map(({ bin, ...row }) => ({
        ...row,
        name: bin,
        isMissing: ({ bins }: MissingPart) => bins.includes(bin),
      })),
    ...libraries
      .filter(({ declared }) => declared)
      .map(({ library, ...row }) => ({
        ...row,
        name: library,
        isMissing: (part: MissingPart) => part.libraries?.includes(library) === true,
      })),
  ];
}

type MissingPart = Pick<FinishedImage["leftOut"][number], "bins" | "libraries">;
