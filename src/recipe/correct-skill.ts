import type { Place } from "../diagnostic/diagnostic.ts";
import { matchesPattern } from "../skill/matches-pattern.ts";
import type { Skill } from "../skill/skill.ts";
import type { AddedNeed, Overlay, SkillCorrection } from "./overlay.ts";

export interface CorrectedSkill {
  /** With the overlay's requirements among its own, each with its place, and without those that it passes over. */
  readonly skill: Skill;
  /** What fits the skill, strongest first. */
  readonly corrections: readonly SkillCorrection[];
  /** Commands that the skill requires and that the overlay passes over; where the skill asks for them. */
  readonly ignored: readonly AddedNeed[];
}

/** A skill as its user means it. Only commands are corrected here; libraries are read from the corrections. */
export function correctSkill(skill: Skill, overlay: Pick<Overlay, "skills"> | undefined): CorrectedSkill {
  const corrections = (overlay?.skills ?? []).filter(({ pattern }) => matchesPattern(skill.name, pattern));
  if (corrections.length === 0) return { skill, corrections, ignored: [] };
  const bins = correctList("bins", skill, corrections);
  const anyBins = correctList("anyBins", skill, corrections);
  const required = new Set([...bins.names, ...anyBins.names]);
  const ignored = new Map([...anyBins.ignored, ...bins.ignored].map((need) => [need.name, need]));
  return {
    skill: {
      ...skill,
      requires: { ...skill.requires, bins: bins.names, anyBins: anyBins.names },
      places: { ...skill.places, ...bins.places, ...anyBins.places },
    },
    corrections,
    ignored: [...ignored.values()].filter(({ name }) => !required.has(name)),
  };
}

interface CorrectedList {
  readonly names: readonly string[];
  readonly ignored: readonly AddedNeed[];
  readonly places: Readonly<Record<string, Place>>;
}

function correctList(
  key: "bins" | "anyBins",
  { requires, places, file }: Skill,
  corrections: readonly SkillCorrection[],
): CorrectedList {
  const passedOver = new Set(corrections.flatMap(({ ignore }) => ignore.bins));
  const path = `requires.${key}`;
  const somewhere = places[path] ?? { file, line: 1, column: 1 };
  const declared = requires[key].map(
    (name, index): AddedNeed => ({ name, place: places[`${path}.${index}`] ?? somewhere }),
  );
  const added = corrections.flatMap((correction) => correction.requires[key]);
  const kept = [...declared.filter(({ name }) => !passedOver.has(name)), ...added];
  return {
    names: kept.map(({ name }) => name),
    ignored: declared.filter(({ name }) => passedOver.has(name)),
    places: Object.fromEntries(kept.map(({ place }, index) => [`${path}.${index}`, place])),
  };
}
