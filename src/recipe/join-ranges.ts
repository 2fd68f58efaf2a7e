import { fitsPythonRange } from "./fits-python-range.ts";
import { fitsSemverRange } from "./fits-semver-range.ts";
import type { RecipeKind } from "./recipe.ts";

/** How one ecosystem writes ranges of versions. */
interface RangeNotation {
  readonly fits: (version: string, range: string) => boolean;
  /** Between the parts of one range that is all of them. */
  readonly and: string;
}

const notations: Partial<Readonly<Record<RecipeKind, RangeNotation>>> = {
  npm: { fits: fitsSemverRange, and: " " },
  python: { fits: fitsPythonRange, and: "," },
};

/** Whether a version is in a range; of kinds that have no ranges, only by its own name. */
export function isInRange(kind: RecipeKind, version: string, range: string): boolean {
  return notations[kind]?.fits(version, range) ?? version === range;
}

/**
 * The range that is all of these; null where no version can be in each of them. A tag stands for one version that is
 * not known here, so that it only goes with itself.
 */
export function joinRanges(kind: RecipeKind, ranges: readonly string[]): string | null {
  const different = [...new Set(ranges)];
  const [first] = different;
  if (first === undefined || different.length === 1) return first ?? null;
  const notation = notations[kind];
  const meet = different
    .flatMap(candidatesOf)
    .some((version) => different.every((range) => notation?.fits(version, range) === true));
  return meet && notation !== undefined ? different.join(notation.and) : null;
}

/**
 * Versions at the bounds of a range, right below and right above each. Where ranges meet at all they do so at or beside a
 * bound of one of them.
 */
function candidatesOf(range: string): string[] {
  return (range.match(/\d+(?:\.\d+)*(?:-?[A-Za-z][0-9A-Za-z.-]*)?/g) ?? []).flatMap((bound) => {
    const [major = 0, minor = 0, patch = 0] = (/^[\d.]+/.exec(bound)?.[0] ?? "").split(".").map(Number);
    return [
      bound,
      `${major}.${minor}.${patch}`,
      `${major}.${minor}.${patch + 1}`,
      ...below(major, minor, patch),
    ];
  });
}

const high = 999_999;

function below(major: number, minor: number, patch: number): string[] {
  if (patch > 0) return [`${major}.${minor}.${patch - 1}`];
  if (minor > 0) return [`${major}.${minor - 1}.${high}`];
  return major > 0 ? [`${major - 1}.${high}.${high}`] : [];
}
