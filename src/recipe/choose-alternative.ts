import type { Answer } from "./answer.ts";
import { ecosystems } from "./ecosystem.ts";

/** One of the commands of `anyBins` with its answer. */
export interface Alternative {
  readonly bin: string;
  readonly answer: Answer;
}

/**
 * The alternative that costs least: one that is there already, else a Debian package, an npm package, a Python tool;
 * among npm packages the smaller tree, then the one that the skill names first. Null where none can be had.
 */
export function chooseAlternative(alternatives: readonly Alternative[]): Alternative | null {
  const usable = alternatives.filter(
    ({ answer }) => answer.status === "present" || answer.status === "resolved",
  );
  // Sorting is stable: what the skill names first stays first among equals.
  return [...usable].sort((left, right) => compareCost(left.answer, right.answer))[0] ?? null;
}

function compareCost(left: Answer, right: Answer): number {
  return rankOf(left) - rankOf(right) || (left.sizeMb ?? 0) - (right.sizeMb ?? 0);
}

/** What is present has no recipe. The Node runtime ranks as npm packages do, which all bring it. */
function rankOf({ recipe }: Answer): number {
  if (recipe === null) return -1;
  const kind = recipe.kind === "node" ? "npm" : recipe.kind;
  return ecosystems.findIndex((ecosystem) => ecosystem.kind === kind);
}
