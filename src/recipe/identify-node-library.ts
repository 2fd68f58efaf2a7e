import type { WantedLibrary } from "./library.ts";
import type { LibraryIdentity } from "./library-claim.ts";
import { nodeLibraryPins } from "./node-library-pins.ts";

/**
 * For Node a library's name is its package's. Where the skill only imports it, and it is no well-known one, a person must
 * confirm that: a name may be mistaken, or belong to something that is not in the registry.
 */
export function identifyNodeLibrary(wanted: WantedLibrary): LibraryIdentity {
  const { name, naming, because, place, declared } = wanted;
  const known = nodeLibraryPins.has(name);
  return {
    key: name,
    module: name,
    distribution: name,
    debian: null,
    sure: known || declared || naming === "package",
    evidence: known
      ? { source: "catalog", detail: `${name} is a well-known package of the npm registry` }
      : { source: declared ? "overlay" : "install", detail: because, place },
  };
}
