import type { NodeRecipe } from "./recipe.ts";

/**
 * The Node.js that skills get: the newest of the active LTS line that the npm registry's platform packages carry for
 * both processors, with the newest npm that supports it.
 */
export const nodeRuntime: NodeRecipe = {
  kind: "node",
  package: "node",
  version: "24.21.0",
  npmVersion: "11.21.2",
  bins: ["node", "npm", "npx"],
};
