import { chooseLibraryVersion, type VersionNotation } from "./choose-library-version.ts";
import { upstreamVersion } from "./debian-upstream-version.ts";
import { fitsPythonRange } from "./fits-python-range.ts";
import {
  contradictedLibrary,
  type LibraryAnswer,
  nameInOverlay,
  proposedLibrary,
  resolvedLibrary,
  unresolvedLibrary,
} from "./library-answer.ts";
import type { LibraryClaim } from "./library-claim.ts";
import type { AptRecipe, PythonLibraryRecipe } from "./recipe.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { whyUnavailable } from "./unavailable.ts";

/**
 * One copy of a Python library for all who want it: Debian's where its version will do for everybody, else one from the
 * package index. An answer for each claim, in their order.
 */
export function settlePythonLibrary(
  claims: readonly [LibraryClaim, ...LibraryClaim[]],
  context: ResolveContext,
): LibraryAnswer[] {
  const offers = claims.map((claim) => debianOffer(claim, context));
  const doubtful = claims.every(
    (claim) => !claim.identity.sure && context.accept?.has(claim.wanted.name) !== true,
  );
  if (doubtful) return claims.map((claim, index) => propose(claim, offers[index]));
  const fits = offers.every((offer) => "recipe" in offer);
  const distribution = claims.find(({ identity }) => identity.distribution !== null)?.identity.distribution;
  const closed = context.disabledKinds?.get("python");
  if (fits || distribution === undefined || distribution === null || closed !== undefined) {
    return claims.map((claim, index) => {
      const offer = offers[index] ?? { failure: noDebian };
      if ("recipe" in offer) return resolvedLibrary(claim, offer.recipe, offer.reason);
      const missing = closed ?? "what the package index calls it is not known";
      return unresolvedLibrary(`${offer.failure}; ${missing}`, nameInOverlay(claim.wanted));
    });
  }
  return fromIndex(claims, distribution, offers, context);
}

type Offer = { readonly recipe: AptRecipe; readonly reason: string } | { readonly failure: string };

const noDebian = "Debian has no package of it";

function debianOffer({ identity, wanted }: LibraryClaim, context: ResolveContext): Offer {
  const { debian } = identity;
  const disabled = context.disabledKinds?.get("apt");
  if (disabled !== undefined) return { failure: disabled };
  if (debian === null) return { failure: noDebian };
  if (wanted.extras !== undefined)
    return { failure: `${debian} comes without its extras ${wanted.extras.join(", ")}` };
  const recipe: AptRecipe = { kind: "apt", package: debian };
  const failed = whyUnavailable(recipe, context);
  if (failed !== null) return { failure: failed };
  if (wanted.range === undefined) return { recipe, reason: `${debian} has it, and any version will do` };
  const version = context.debianPackages?.find(debian)?.version;
  if (version === undefined) return { failure: "which version Debian has is not known" };
  const upstream = upstreamVersion(version);
  return fitsPythonRange(upstream, wanted.range)
    ? { recipe, reason: `${debian} has ${upstream}, and ${wanted.range} is asked for` }
    : { failure: `${debian} has ${upstream}, and ${wanted.range} is asked for` };
}

function propose(claim: LibraryClaim, offer: Offer | undefined): LibraryAnswer {
  return offer !== undefined && "recipe" in offer
    ? proposedLibrary(claim, offer.recipe, "another library may be meant by this name")
    : unresolvedLibrary(offer?.failure ?? noDebian, nameInOverlay(claim.wanted));
}

function fromIndex(
  claims: readonly [LibraryClaim, ...LibraryClaim[]],
  distribution: string,
  offers: readonly Offer[],
  context: ResolveContext,
): LibraryAnswer[] {
  const { version, range, winner, losers } = chooseLibraryVersion(claims, null, notation);
  const extras = [...new Set(claims.flatMap(({ wanted }) => wanted.extras ?? []))].sort();
  const recipe: PythonLibraryRecipe = {
    kind: "python-library",
    package: distribution,
    ...(version !== undefined && { version }),
    ...(range !== undefined && { range }),
    ...(extras.length > 0 && { extras }),
  };
  const failed = whyUnavailable(recipe, context);
  if (failed !== null) return claims.map(({ wanted }) => unresolvedLibrary(failed, nameInOverlay(wanted)));
  const why = offers.find((offer) => "failure" in offer);
  const reason = why !== undefined && "failure" in why ? why.failure : noDebian;
  const unpinned = version === undefined ? `${range ?? "no version"} is no exact version` : null;
  return claims.map((claim) =>
    losers.has(claim)
      ? contradictedLibrary(winner, recipe)
      : resolvedLibrary(claim, recipe, reason, unpinned),
  );
}

const notation: VersionNotation = {
  exactOf: (range) => /^={2,3}([^=,*]+)$/.exec(range)?.[1] ?? null,
  fits: fitsPythonRange,
  join: (ranges) => ranges.join(","),
};
