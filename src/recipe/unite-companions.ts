import { compareText } from "../diagnostic/compare-text.ts";
import { isInRange, joinRanges } from "./join-ranges.ts";
import { canonicalName } from "./python.ts";
import type { Companion, Recipe } from "./recipe.ts";

/** What goes into the tree of a recipe beside its own package, where that has a version of its own. */
export function companionsOf(recipe: Recipe): readonly Companion[] {
  return recipe.kind === "npm" || recipe.kind === "python" ? (recipe.with ?? []) : [];
}

/** The companions of both, each once, at a version that is right for both; or the name of one that has no such version. */
export function uniteCompanions(
  kind: Recipe["kind"],
  left: readonly Companion[],
  right: readonly Companion[],
): { readonly companions: readonly Companion[] } | { readonly clash: string } {
  const united = new Map<string, Companion>();
  for (const companion of [...left, ...right]) {
    const key = kind === "python" ? canonicalName(companion.package) : companion.package;
    const known = united.get(key);
    const both = known === undefined ? companion : uniteTwo(kind, known, companion);
    if (both === null) return { clash: companion.package };
    united.set(key, both);
  }
  return { companions: [...united.values()] };
}

function uniteTwo(kind: Recipe["kind"], left: Companion, right: Companion): Companion | null {
  const wish = uniteVersions(kind, [left, right]);
  if (wish === null) return null;
  const extras = [...new Set([...(left.extras ?? []), ...(right.extras ?? [])])].sort(compareText);
  return { package: left.package, ...wish, ...(extras.length > 0 && { extras }) };
}

/** What is right for everybody who names a version or a range; null: nothing is. */
export function uniteVersions(
  kind: Recipe["kind"],
  wishes: readonly Pick<Companion, "version" | "range">[],
): Pick<Companion, "version" | "range"> | null {
  const versions = wishes.flatMap(({ version }) => (version === undefined ? [] : [version]));
  const ranges = wishes.flatMap(({ range }) => (range === undefined ? [] : [range]));
  const [version] = versions;
  if (version !== undefined) {
    const suits =
      versions.every((other) => other === version) &&
      ranges.every((range) => isInRange(kind, version, range));
    return suits ? { version } : null;
  }
  if (ranges.length === 0) return {};
  const range = joinRanges(kind, ranges);
  return range === null ? null : { range };
}
