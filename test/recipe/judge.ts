import { npmPins } from "../../src/recipe/npm-pins.ts";
import type { Recipe, Resolution } from "../../src/recipe/recipe.ts";
import type { HandChecked } from "./hand-checked/hand-checked-pair.ts";

/** `left out`: there is nothing for Linux, and that is what the resolver says · `missed`: there is, and it does not. */
export type Verdict = "right" | "missed" | "wrong" | "left out";

/** What the resolver says of a pair, held against what was judged by hand. */
export function judge({ right }: HandChecked, { status, recipe }: Resolution): Verdict {
  if (right === null) return status === "unresolved" ? "left out" : "wrong";
  if (right === "excluded") return status === "excluded" ? "left out" : "wrong";
  if (right === "present") return status === "present" ? "right" : "wrong";
  if (status === "unresolved") return "missed";
  if (recipe === null || !isThis(right, recipe)) return "wrong";
  return status === "resolved" ? "right" : "missed";
}

function isThis(right: string, recipe: Recipe): boolean {
  const name = `${recipe.kind} ${ownName(recipe)}`;
  return right.startsWith("download ") ? name.startsWith(right) : name === right;
}

/** A program that npm has in a package of its own for each processor is known by the package that brings those. */
function ownName({ kind, package: name }: Recipe): string {
  if (kind !== "npm") return name;
  for (const [whole, { platformPackages = {} }] of npmPins) {
    if (Object.values(platformPackages).includes(name)) return whole;
  }
  return name;
}
