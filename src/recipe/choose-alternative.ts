import { type AnsweredSkill, type BinaryAnswer, isUsable } from "./answer-skill.ts";
import { describeRecipe } from "./describe-recipe.ts";
import { costRankOf } from "./ecosystem.ts";
import type { SizeTally } from "./tally-sizes.ts";

export interface ChosenAlternative {
  readonly bin: string;
  /** One line for people: why it and not the others. */
  readonly reason: string;
}

/**
 * The alternative that adds least to the image: one that is there already, else the smallest; among equals the kind of
 * recipe that comes first in the table of ecosystems, then the command that the skill names first. Null where none can
 * be had.
 */
export function chooseAlternative(
  { alternatives, answers }: AnsweredSkill,
  tally: SizeTally,
): ChosenAlternative | null {
  const usable = alternatives.flatMap((bin): BinaryAnswer[] => {
    const found = answers.get(bin);
    return found !== undefined && isUsable(found.answer) ? [found] : [];
  });
  const only = usable.length === 1;
  const offers = usable.map((found): Offer => ({ ...found, addedMb: only ? 0 : costOf(found, tally) }));
  // Sorting is stable: what the skill names first stays first among equals.
  const [best, next] = offers.sort(
    (left, right) => left.addedMb - right.addedMb || rankOf(left) - rankOf(right),
  );
  return best === undefined
    ? null
    : { bin: best.bin, reason: `any one of anyBins is enough, and ${whyBest(best, next)}` };
}

interface Offer extends BinaryAnswer {
  readonly addedMb: number;
}

function whyBest({ bin, answer: { recipe }, addedMb }: Offer, next: Offer | undefined): string {
  if (recipe === null) return `${bin} is there already`;
  const source = describeRecipe(recipe);
  if (next === undefined) return `only ${bin} can be had: ${source}`;
  return `${bin} costs least in this image: ${source} adds ${showMb(addedMb)}, and ${next.bin} ${showMb(next.addedMb)}`;
}

function costOf({ answer }: BinaryAnswer, tally: SizeTally): number {
  return answer.recipe === null ? 0 : tally.megabytesOf(answer.recipe, answer.sizeMb);
}

/** What is present has no recipe. The Node runtime ranks as npm packages do, which all bring it. */
function rankOf({ answer: { recipe } }: BinaryAnswer): number {
  if (recipe === null) return -1;
  return costRankOf(recipe.kind === "node" ? "npm" : recipe.kind);
}

function showMb(megabytes: number): string {
  return megabytes < 0.05 ? "nothing" : `${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB`;
}
