import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { compareVersions } from "./compare-versions.ts";
import type { DebianPackages } from "./debian-packages.ts";
import { companionConflict, conflict, shared, versionConflict } from "./describe-conflict.ts";
import { costRankOf } from "./ecosystem.ts";
import { isInRange, joinRanges } from "./join-ranges.ts";
import { offeredVersion, programOf } from "./program-of.ts";
import type { EvidenceSource, Recipe, Resolution, ResolveResult } from "./recipe.ts";
import { askedRange, isRival, nameOf, type Rival, rangeOf, versionOf, wishOf } from "./rival.ts";
import { companionsOf, uniteCompanions } from "./unite-companions.ts";
import { uniteRecipes } from "./unite-recipes.ts";

/**
 * One image has one program for each command. Where skills mean different ones, the best founded is taken for all, and
 * every skill that gets another program than it meant is told, with both places. Of one program a version that is named
 * goes before one that is only known, and ranges are joined; a skill that names another version than the one taken, or a
 * range that it is not in, is refused, with both places. Only skills of the folders in `complete`, which lack nothing else, have a say, and none that is refused.
 */
export function settleConflicts(
  resolutions: readonly Resolution[],
  complete: ReadonlySet<string>,
  debian?: DebianPackages,
): ResolveResult {
  const voters = new Set(complete);
  const refusals = new Map<number, Settled>();
  for (;;) {
    const settled = settleAmong(resolutions, voters, (row) => offeredVersion(row, debian));
    const refused = findRefused(settled);
    if (refused.length === 0) {
      const results = settled.map((row, index) => refusals.get(index) ?? row);
      return {
        resolutions: results.map(({ resolution }) => resolution),
        diagnostics: results.flatMap(({ diagnostic }) => (diagnostic === null ? [] : [diagnostic])),
      };
    }
    for (const [index, row] of refused) {
      refusals.set(index, row);
      voters.delete(row.resolution.dir);
    }
  }
}

interface Settled {
  readonly resolution: Resolution;
  readonly diagnostic: Diagnostic | null;
  /** The folder of the skill whose version is taken, where that refuses this one. */
  readonly refusedBy: string | null;
}

/** Those refused by skills that are not refused themselves; where each refuses another in a circle, the first. */
function findRefused(settled: readonly Settled[]): (readonly [number, Settled])[] {
  const refused = [...settled.entries()].filter(([, { refusedBy }]) => refusedBy !== null);
  const losers = new Set(refused.map(([, { resolution }]) => resolution.dir));
  const certain = refused.filter(([, { refusedBy }]) => refusedBy !== null && !losers.has(refusedBy));
  return certain.length > 0 ? certain : refused.slice(0, 1);
}

/** The version that a row gives; empty: that is not known. */
type VersionReader = (row: Rival) => string;

function settleAmong(
  resolutions: readonly Resolution[],
  voters: ReadonlySet<string>,
  offered: VersionReader,
): Settled[] {
  const isVoter = (row: Resolution): row is Rival => isRival(row) && voters.has(row.dir);
  const rivals = new Map<string, Rival[]>();
  for (const row of resolutions.filter(isVoter)) {
    const others = rivals.get(row.bin);
    if (others === undefined) rivals.set(row.bin, [row]);
    else others.push(row);
  }
  const winners = new Map([...rivals].map(([bin, rows]) => [bin, findWinner(rows, offered)]));
  return resolutions.map((resolution) => {
    const winner = winners.get(resolution.bin);
    return winner === undefined || !isVoter(resolution)
      ? { resolution, diagnostic: null, refusedBy: null }
      : settle(resolution, winner, offered);
  });
}

/** What is taken for a command. */
type Winner = Rival & {
  /** Those whose companions go with it; the recipe has them all. */
  readonly joined: readonly Rival[];
};

/** The best founded, with everything that others who get it ask of it; of companions that cannot be together the first. */
function findWinner(rows: readonly Rival[], offered: VersionReader): Winner {
  const program = programOf(best(rows, compareFooting));
  const own = rows.filter((row) => programOf(row) === program);
  const wished = best(own, compareWish);
  const winner = wishRank(wished) < wishRanks.known ? wished : suitRanges(wished, own, offered);
  const others = own.filter((row) => getsWhatItAsks(row, winner, offered) && row.dir !== winner.dir);
  let [recipe, joined]: [Recipe, Rival[]] = [uniteRecipes([winner.recipe], winner.recipe), [winner]];
  for (const row of others.sort(compareFooting)) {
    if (clashOf(recipe, row.recipe) !== null) continue;
    recipe = uniteRecipes([recipe, row.recipe], recipe);
    joined = [...joined, row];
  }
  return { ...winner, recipe, joined };
}

/** Also where the overlay chooses a version for all: then it is the overlay that says what goes beside it. */
function getsWhatItAsks(row: Rival, winner: Rival, offered: VersionReader): boolean {
  return sameChoice(row, winner) || (winner.evidence?.source !== "overlay" && suits(row, winner, offered));
}

/** The name of a package that both want beside their own, and not at one version. */
function clashOf(left: Recipe, right: Recipe): string | null {
  const united = uniteCompanions(left.kind, companionsOf(left), companionsOf(right));
  return "clash" in united ? united.clash : null;
}

/**
 * Where nobody names a version: what suits all ranges that can be met together, in the order of their footing. A version
 * that is known and suits goes before whatever the index has.
 */
function suitRanges(wished: Rival, own: readonly Rival[], offered: VersionReader): Rival {
  const [first, ...others] = own.filter((row) => askedRange(row) !== null).sort(compareFooting);
  if (first === undefined) return wished;
  const { kind } = first.recipe;
  const joined = others.reduce(
    (before, row) => joinRanges(kind, [before, askedRange(row) ?? ""]) ?? before,
    askedRange(first) ?? "",
  );
  const suiting = own.filter((row) => offered(row) !== "" && isInRange(kind, offered(row), joined));
  if (suiting.length > 0)
    return best(suiting, (left, right) => compareNewest(left, right) || compareFooting(left, right));
  return { ...first, recipe: withRange(first.recipe, joined) };
}

function withRange(recipe: Recipe, range: string): Recipe {
  if (recipe.kind !== "npm" && recipe.kind !== "python") return recipe;
  const { version: _known, ...rest } = recipe;
  return { ...rest, range };
}

function best(rows: readonly Rival[], compare: (left: Rival, right: Rival) => number): Rival {
  return rows.reduce((left, right) => (compare(right, left) < 0 ? right : left));
}

function sameChoice(left: Rival, right: Rival): boolean {
  const isSameKind = left.recipe.kind === right.recipe.kind;
  return isSameKind && versionOf(left) === versionOf(right) && rangeOf(left) === rangeOf(right);
}

/**
 * The catalog stands above install entries here: otherwise one skill could put a program of its own in the place of a
 * well-known one for all the others. Which version of the well-known one it is, a skill may say.
 */
const footing: readonly EvidenceSource[] = ["image", "overlay", "catalog", "install", "index"];

function compareFooting(left: Rival, right: Rival): number {
  return (
    footingOf(left) - footingOf(right) ||
    costRankOf(left.recipe.kind) - costRankOf(right.recipe.kind) ||
    Number(versionOf(left) === "") - Number(versionOf(right) === "") ||
    compareText(programOf(left), programOf(right)) ||
    compareNewest(left, right) ||
    compareText(left.skill, right.skill) ||
    compareText(left.dir, right.dir)
  );
}

/** Among rows of one program: the overlay's word, then a version that somebody names. */
function compareWish(left: Rival, right: Rival): number {
  return wishRank(left) - wishRank(right) || compareNewest(left, right) || compareFooting(left, right);
}

const wishRanks = { overlay: 0, named: 1, known: 2 } as const;

function wishRank({ evidence }: Rival): number {
  if (evidence?.source === "overlay") return wishRanks.overlay;
  return evidence?.version === undefined ? wishRanks.known : wishRanks.named;
}

function compareNewest(left: Rival, right: Rival): number {
  return compareVersions(versionOf(right), versionOf(left));
}

function footingOf({ evidence }: Rival): number {
  return evidence === null ? footing.length : footing.indexOf(evidence.source);
}

function settle(row: Rival, winner: Winner, offered: VersionReader): Settled {
  const { recipe, evidence } = winner;
  const taken = nameOf(winner);
  const other = `the skill ${quoteValue(winner.skill)}`;
  if (programOf(row) !== programOf(winner)) {
    const reason = `${taken}, as ${other} means it; this one means ${nameOf(row)}`;
    const resolution = { ...row, recipe, evidence, reason };
    return { resolution, diagnostic: conflict(row, winner), refusedBy: null };
  }
  if (getsWhatItAsks(row, winner, offered) && winner.joined.every(({ dir }) => dir !== row.dir)) {
    return refuseCompanion(row, winner);
  }
  if (sameChoice(row, winner) || row.dir === winner.dir) {
    return { resolution: { ...row, recipe }, diagnostic: null, refusedBy: null };
  }
  const isOverlays = evidence?.source === "overlay";
  if (isOverlays || suits(row, winner, offered)) {
    const names = evidence?.version === undefined && !isOverlays ? "goes with" : "names";
    const reason = `${taken}, since ${isOverlays ? "the overlay" : other} ${names} this version`;
    const resolution = { ...row, recipe, evidence, reason };
    const diagnostic = isOverlays || askedRange(row) === null ? null : shared(row, winner);
    return { resolution, diagnostic, refusedBy: null };
  }
  const reason = `it names ${wishOf(row)}, and ${other} names ${wishOf(winner)}: one image has one version of a command`;
  return {
    resolution: { ...row, status: "unresolved", recipe: null, evidence: null, reason },
    diagnostic: versionConflict(row, winner),
    refusedBy: winner.dir,
  };
}

function refuseCompanion(row: Rival, { joined, ...winner }: Winner): Settled {
  const other = joined.find(({ recipe }) => clashOf(recipe, row.recipe) !== null) ?? winner;
  const name = clashOf(other.recipe, row.recipe) ?? "";
  const wish = ({ recipe }: Rival): string => {
    const { version, range = "" } = companionsOf(recipe).find((each) => each.package === name) ?? {};
    return `${name} ${version ?? range}`.trim();
  };
  const reason = `it wants ${wish(row)} beside ${nameOf(row)}, and the skill ${quoteValue(other.skill)} ${wish(other)}: a tree has one version of a package`;
  return {
    resolution: { ...row, status: "unresolved", recipe: null, evidence: null, reason },
    diagnostic: companionConflict(row, other, `${quoteValue(wish(row))} beside ${quoteValue(wish(other))}`),
    refusedBy: other.dir,
  };
}

/** Whether what is taken for all is what this skill asks for too. */
function suits(row: Rival, winner: Rival, offered: VersionReader): boolean {
  if (row.evidence?.version !== undefined) return false;
  const { kind } = row.recipe;
  const [range, version] = [askedRange(row), offered(winner)];
  if (range === null) return true;
  return version === ""
    ? joinRanges(kind, [rangeOf(winner), range]) !== null
    : isInRange(kind, version, range);
}
