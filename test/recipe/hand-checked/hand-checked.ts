import type { HandChecked } from "./hand-checked-pair.ts";
import { pairsFromProjects } from "./pairs-from-projects.ts";
import { pairsFromRegistries } from "./pairs-from-registries.ts";
import { pairsWithoutRecipe } from "./pairs-without-recipe.ts";

/**
 * What each command that real skills declare should come from on Linux, judged pair by pair from what the programs' own
 * authors publish, before the resolver was asked.
 */
export const handChecked: readonly HandChecked[] = [
  ...pairsFromRegistries,
  ...pairsFromProjects,
  ...pairsWithoutRecipe,
];
