import type { ImageOutcome } from "../engine/build/build-outcome.ts";
import type { LeftOut, PlannedProfile } from "./plan-profile.ts";

/**
 * Every skill that is not in one skills image: those that planning left out, and those that need a part which the build had to
 * do without, since its index did not answer.
 */
export function skillsLeftOut(
  planned: Pick<PlannedProfile, "name" | "leftOut" | "resolutions">,
  outcome: ImageOutcome | undefined,
): LeftOut[] {
  const parts = outcome !== undefined && "leftOut" in outcome ? outcome.leftOut : [];
  const late = new Map<string, LeftOut>();
  for (const { skill, dir, bin, status } of planned.resolutions) {
    const part = parts.find(({ bins }) => bins.includes(bin));
    if (part === undefined || status !== "resolved" || planned.leftOut.some((left) => left.dir === dir))
      continue;
    const reasons = [...(late.get(dir)?.reasons ?? []), `"${bin}": ${part.reason}`];
    late.set(dir, { image: planned.name, skill, dir, reasons, elsewhere: false });
  }
  return [...planned.leftOut, ...late.values()];
}
