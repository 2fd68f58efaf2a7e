import { compareText } from "../diagnostic/compare-text.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { Recipe, Resolution } from "../recipe/recipe.ts";
import type { Skill } from "../skill/skill.ts";
import { hashValue } from "./hash-value.ts";

/** What is read of a skill. */
export type PlannableSkill = Pick<Skill, "name" | "dir" | "state" | "os" | "requires">;

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
}

/**
 * A skill is in if everything it requires can be had: each of `bins`, one of `anyBins`, and no command that its
 * installers promise is in doubt. Where two skills want different programs under one name, the first by name and
 * folder has it.
 */
export function selectSkills(
  skills: readonly PlannableSkill[],
  resolutions: readonly Resolution[],
): SkillSelection {
  const byDir = groupByDir(resolutions);
  const owners = new Map<string, Resolution>();
  const included: IncludedSkill[] = [];
  const leftOut: LeftOutSkill[] = [];
  const usable: Resolution[] = [];
  for (const skill of [...skills].sort(bySkill)) {
    const own = byDir.get(skill.dir) ?? [];
    const wanted = own.filter(isUsable);
    const reasons = [...missing(skill, own), ...conflicts(wanted, owners)];
    const entry = { skill: skill.name, dir: skill.dir };
    if (reasons.length > 0) {
      leftOut.push({ ...entry, reasons });
      continue;
    }
    included.push(entry);
    usable.push(...wanted);
    for (const resolution of wanted) if (!owners.has(resolution.bin)) owners.set(resolution.bin, resolution);
  }
  return { included, leftOut, usable };
}

function groupByDir(resolutions: readonly Resolution[]): Map<string, Resolution[]> {
  const byDir = new Map<string, Resolution[]>();
  for (const resolution of [...resolutions].sort((left, right) => compareText(left.bin, right.bin))) {
    const group = byDir.get(resolution.dir);
    if (group === undefined) byDir.set(resolution.dir, [resolution]);
    else group.push(resolution);
  }
  return byDir;
}

function bySkill(left: PlannableSkill, right: PlannableSkill): number {
  return compareText(left.name, right.name) || compareText(left.dir, right.dir);
}

function missing(skill: PlannableSkill, own: readonly Resolution[]): string[] {
  if (skill.state === "invalid") return ["its SKILL.md is invalid"];
  if (skill.os.length > 0 && !skill.os.includes("linux")) return [`it is for ${skill.os.join(" and ")} only`];
  const byBin = new Map(own.map((resolution) => [resolution.bin, resolution]));
  const required = new Set(skill.requires.bins);
  const alternatives = skill.requires.anyBins;
  const doubtful = own.filter(({ bin, status }) => {
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

function isUsable(resolution: Resolution | undefined): boolean {
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
