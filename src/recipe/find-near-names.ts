import { compareText } from "../diagnostic/compare-text.ts";
import { editDistance } from "../diagnostic/edit-distance.ts";
import { binsOfProgram, catalogBins } from "./catalog/find-rows.ts";

const mostShown = 3;
const longestName = 32;

/**
 * The known commands of a program of this name; else those that differ from it in a typing slip, or two if it is long,
 * nearest first. At most three. Names of up to three letters have no near ones: everything would be.
 */
export function findNearNames(bin: string): readonly string[] {
  const own = binsOfProgram(bin);
  if (own.length > 0) return own.slice(0, mostShown);
  const limit = bin.length <= 3 ? 0 : bin.length <= 8 ? 1 : 2;
  if (limit === 0 || bin.length > longestName) return [];
  const wanted = letterSet(bin);
  const near: { name: string; distance: number }[] = [];
  for (const { name, letters } of names()) {
    if (name === bin) continue;
    if (Math.abs(name.length - bin.length) > limit || bitCount(letters ^ wanted) > 2 * limit) continue;
    const distance = editDistance(bin, name);
    if (distance <= limit) near.push({ name, distance });
  }
  near.sort((left, right) => left.distance - right.distance || compareText(left.name, right.name));
  return near.slice(0, mostShown).map(({ name }) => name);
}

interface KnownName {
  readonly name: string;
  readonly letters: number;
}

let knownNames: readonly KnownName[] | undefined;

function names(): readonly KnownName[] {
  knownNames ??= [...catalogBins()]
    .filter((name) => name.length > 2)
    .map((name) => ({ name, letters: letterSet(name) }));
  return knownNames;
}

/** Which characters occur, as 32 bits: two names at distance d differ in at most 2d of them. */
function letterSet(name: string): number {
  let letters = 0;
  for (let index = 0; index < name.length; index += 1) letters |= 1 << (name.charCodeAt(index) & 31);
  return letters;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
