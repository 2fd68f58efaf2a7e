import { compareText } from "../diagnostic/compare-text.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { LibraryResolution } from "../recipe/library.ts";
import type { Recipe, Resolution } from "../recipe/recipe.ts";
import type { Skill } from "../skill/skill.ts";
import { hashValue } from "./hash-value.ts";

/** What is read of a skill. */
export interface PlannableSkill extends Pick<Skill, "name" | "dir" | "state" | "os" | "requires"> {
  /** Why nothing of it may be used. */
  readonly refused?: string;
}

export interface IncludedSkill {
  readonly skill: string;
  readonly dir: string;
}

export interface LeftOutSkill extends IncludedSkill {
  /** One line each, for people. */
  readonly reasons: readonly string[];
}

export interface SkillSelection {
  /** Both sorted by name and folder; every skill is in one of them. */
  readonly included: readonly IncludedSkill[];
  readonly leftOut: readonly LeftOutSkill[];
  /** The included skills' resolutions that give a command: `resolved` and `present`. */
  readonly usable: readonly Resolution[];
  /** Their libraries that can be had. */
  readonly usableLibraries: readonly LibraryResolution[];
}

/**
 * A skill is in if everything it requires can be had: each of `bins`, one of `anyBins`, each library that it declares,
 * and no command that its installers promise is in doubt. Where two skills want different programs under one name, the first by name and
 * folder has it.
 */
export function selectSkills(
  skills: readonly PlannableSkill[],
  resolutions: readonly Resolution[],
  libraries: readonly LibraryResolution[] = [],
): SkillSelection {
  const byDir = groupByDir(resolutions, ({ bin }) => bin);
  const librariesByDir = groupByDir(libraries, libraryKey);
  const owners = new Map<string, Resolution>();
  const included: IncludedSkill[] = [];
  const leftOut: LeftOutSkill[] = [];
  const usable: Resolution[] = [];
  const usableLibraries: LibraryResolution[] = [];
  for (const skill of [...skills].sort(bySkill)) {
    const own = byDir.get(skill.dir) ?? [];
    const wanted = own.filter(isUsable);
    const ownLibraries = librariesByDir.get(skill.dir) ?? [];
    const reasons = [...missing(skill, own), ...missingLibraries(ownLibraries), ...conflicts(wanted, owners)];
    const entry = { skill: skill.name, dir: skill.dir };
    if (reasons.length > 0) {
      leftOut.push({ ...entry, reasons });
      continue;
    }
    included.push(entry);
    usable.push(...wanted);
    usableLibraries.push(...ownLibraries.filter(isUsable));
    for (const resolution of wanted) if (!owners.has(resolution.bin)) owners.set(resolution.bin, resolution);
  }
  return { included, leftOut, usable, usableLibraries };
}

function groupByDir<Row extends { readonly dir: string }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Map<string, Row[]> {
  const byDir = new Map<string, Row[]>();
  for (const row of [...rows].sort((left, right) => compareText(keyOf(left), keyOf(right)))) {
    const group = byDir.get(row.dir);
    if (group === undefined) byDir.set(row.dir, [row]);
    else group.push(row);
  }
  return byDir;
}

function libraryKey({ language, naming, library }: LibraryResolution): string {
  return `${language} ${naming} ${library}`;
}

function bySkill(left: PlannableSkill, right: PlannableSkill): number {
  return compareText(left.name, right.name) || compareText(left.dir, right.dir);
}

function missing(skill: PlannableSkill, own: readonly Resolution[]): string[] {
  if (skill.state === "invalid") return ["its SKILL.md is invalid"];
  if (skill.os.length > 0 && !skill.os.includes("linux")) return [`it is for ${skill.os.join(" and ")} only`];
  if (skill.refused !== undefined) return [`it is refused: ${skill.refused}`];
  const byBin = new Map(own.map((resolution) => [resolution.bin, resolution]));
  const required = new Set(skill.requires.bins);
  const alternatives = skill.requires.anyBins;
  const doubtful = own.filter(({ bin, status, inferred }) => {
    if (inferred === true) return false;
    if (required.has(bin)) return status === "unresolved" || status === "proposed" || status === "excluded";
    return !alternatives.includes(bin) && (status === "unresolved" || status === "proposed");
  });
  const unanswered = [...required].filter((bin) => !byBin.has(bin)).sort(compareText);
  const reasons = [
    ...doubtful.map(({ bin, reason }) => `${quoteValue(bin)}: ${reason}`),
    ...unanswered.map((bin) => `${quoteValue(bin)}: nothing provides it`),
  ];
  if (alternatives.length > 0 && !alternatives.some((bin) => isUsable(byBin.get(bin)))) {
    reasons.push(`none of ${alternatives.map(quoteValue).join(", ")} can be had`);
  }
  return reasons;
}

/** What its files only seem to need does not keep a skill out. */
function missingLibraries(own: readonly LibraryResolution[]): string[] {
  return own
    .filter((row) => row.declared && row.status !== "excluded" && !isUsable(row))
    .map(({ language, library, reason }) => `the ${language} library ${quoteValue(library)}: ${reason}`);
}

function isUsable(
  resolution: Pick<Resolution | LibraryResolution, "status" | "recipe"> | undefined,
): boolean {
  return (
    resolution?.status === "present" || (resolution?.status === "resolved" && resolution.recipe !== null)
  );
}

function conflicts(wanted: readonly Resolution[], owners: ReadonlyMap<string, Resolution>): string[] {
  return wanted.flatMap((resolution) => {
    const owner = owners.get(resolution.bin);
    if (owner === undefined || providerOf(owner) === providerOf(resolution)) return [];
    return [`${quoteValue(resolution.bin)}: the skill ${quoteValue(owner.skill)} has it from another source`];
  });
}

/** Tells programs apart: which package gives the command, whatever else the recipe lists. */
function providerOf({ recipe, bin }: Resolution): string {
  if (recipe === null) return "present";
  const links = linksOf(recipe);
  const link = Object.hasOwn(links, bin) ? links[bin] : undefined;
  return hashValue([recipe.kind, recipe.package, recipe.version, link]);
}

function linksOf(recipe: Recipe): Readonly<Record<string, string>> {
  return (recipe.kind === "apt" || recipe.kind === "npm" ? recipe.links : undefined) ?? {};
}
