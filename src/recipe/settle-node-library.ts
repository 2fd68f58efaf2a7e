import { chooseLibraryVersion, type VersionNotation } from "./choose-library-version.ts";
import { fitsSemverRange } from "./fits-semver-range.ts";
import {
  contradictedLibrary,
  type LibraryAnswer,
  nameInOverlay,
  proposedLibrary,
  resolvedLibrary,
  unresolvedLibrary,
} from "./library-answer.ts";
import type { LibraryClaim } from "./library-claim.ts";
import { nodeLibraryPins } from "./node-library-pins.ts";
import type { NodeLibraryRecipe } from "./recipe.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { whyUnavailable } from "./unavailable.ts";

/** One copy of a Node library for all who want it, from the npm registry. An answer for each claim, in their order. */
export function settleNodeLibrary(
  claims: readonly [LibraryClaim, ...LibraryClaim[]],
  context: ResolveContext,
): LibraryAnswer[] {
  const [{ identity }] = claims;
  const disabled = context.disabledKinds?.get("npm");
  if (disabled !== undefined) {
    return claims.map(() => unresolvedLibrary(disabled, "Allow npm in the overlay, or take the library out"));
  }
  const { version, range, winner, losers } = chooseLibraryVersion(
    claims,
    nodeLibraryPins.get(identity.key) ?? null,
    notation,
  );
  const recipe: NodeLibraryRecipe = {
    kind: "node-library",
    package: identity.key,
    ...(version !== undefined && { version }),
    ...(range !== undefined && { range }),
  };
  const failed = whyUnavailable(recipe, context);
  if (failed !== null) return claims.map(({ wanted }) => unresolvedLibrary(failed, nameInOverlay(wanted)));
  const doubtful = claims.every(
    (claim) => !claim.identity.sure && context.accept?.has(claim.wanted.name) !== true,
  );
  if (doubtful) return claims.map((claim) => proposedLibrary(claim, recipe, doubt));
  const unpinned = version === undefined ? `${range ?? "no version"} is no exact version` : null;
  return claims.map((claim) =>
    losers.has(claim)
      ? contradictedLibrary(winner, recipe)
      : resolvedLibrary(claim, recipe, "Node libraries come from the npm registry", unpinned),
  );
}

const doubt = "no package.json of the skill names it, and nothing else is known of it";

const notation: VersionNotation = {
  exactOf: (range) => (/^=?v?\d+\.\d+\.\d+[0-9A-Za-z.+-]*$/.test(range) ? range.replace(/^=?v?/, "") : null),
  fits: fitsSemverRange,
  join: (ranges) =>
    ranges.length > 1 && ranges.some((range) => /\|\|| - /.test(range)) ? null : ranges.join(" "),
};
