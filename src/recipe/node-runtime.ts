import { fitsSemverRange } from "./fits-semver-range.ts";
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

/** Of the other lines of Node, newest first, what the registry has for both processors, with the same npm. */
const otherVersions = ["26.10.0", "22.23.3", "20.20.2"];

/** The Node that a package's `engines` allow: the one of all others, else the newest that fits; null: none does. */
export function chooseNode(range: string | undefined): NodeRecipe | null {
  if (range === undefined || fitsSemverRange(nodeRuntime.version, range)) return nodeRuntime;
  const version = otherVersions.find((each) => fitsSemverRange(each, range));
  return version === undefined ? null : nodeAt(version);
}

/** Node at a version that {@link chooseNode} has chosen. */
export function nodeAt(version: string): NodeRecipe {
  return { ...nodeRuntime, version };
}
