import type { LibraryClaim } from "./library-claim.ts";

/** How an ecosystem writes versions. */
export interface VersionNotation {
  /** The one version that a range names; null: it names several, or none. */
  readonly exactOf: (range: string) => string | null;
  readonly fits: (version: string, range: string) => boolean;
  /** One range that is all of these; null where the notation has none. */
  readonly join: (ranges: readonly string[]) => string | null;
}

export interface ChosenVersion {
  /** Exact. */
  readonly version?: string;
  readonly range?: string;
  /** Whose word it is. */
  readonly winner: LibraryClaim;
  /** Those who asked for another. */
  readonly losers: ReadonlySet<LibraryClaim>;
}

/**
 * One version for all who want a library: an exact one that somebody asks for, else the pin where it will do, else
 * whatever fits all ranges. Where exact versions differ the first has it, the user's own word before the skills'.
 */
export function chooseLibraryVersion(
  claims: readonly [LibraryClaim, ...LibraryClaim[]],
  pin: string | null,
  notation: VersionNotation,
): ChosenVersion {
  const byWeight = [...claims].sort(
    (left, right) => Number(right.wanted.declared) - Number(left.wanted.declared),
  );
  for (const winner of byWeight) {
    const version = notation.exactOf(winner.wanted.range ?? "");
    if (version !== null) return { version, winner, losers: losersOf(claims, version, notation) };
  }
  const [winner = claims[0]] = byWeight;
  const none = new Set<LibraryClaim>();
  if (pin !== null && losersOf(claims, pin, notation).size === 0)
    return { version: pin, winner, losers: none };
  const ranges = [...new Set(byWeight.flatMap(({ wanted }) => wanted.range ?? []))];
  if (ranges.length === 0) return { winner, losers: none };
  const range = notation.join(ranges);
  if (range !== null) return { range, winner, losers: none };
  const [first = ""] = ranges;
  const owner = byWeight.find(({ wanted }) => wanted.range === first) ?? winner;
  const losers = claims.filter(({ wanted }) => wanted.range !== undefined && wanted.range !== first);
  return { range: first, winner: owner, losers: new Set(losers) };
}

function losersOf(
  claims: readonly LibraryClaim[],
  version: string,
  { fits }: VersionNotation,
): Set<LibraryClaim> {
  return new Set(claims.filter(({ wanted: { range } }) => range !== undefined && !fits(version, range)));
}
