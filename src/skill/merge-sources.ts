import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { nameSkeleton } from "./name-skeleton.ts";
import type { Skill } from "./skill.ts";

/** Where a gateway looks for skills, lowest precedence first. */
export const sourceKinds = ["extra", "bundled", "managed", "personal", "project", "workspace"] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** One folder that a gateway takes skills from. */
export interface SkillSource {
  readonly kind: SourceKind;
  /** Absolute, links resolved. */
  readonly root: string;
  readonly skills: readonly Skill[];
}

export interface SourcedSkill {
  readonly skill: Skill;
  readonly source: SourceKind;
}

export interface ShadowedSkill extends SourcedSkill {
  /** The skill of the same name that is used instead. */
  readonly by: SourcedSkill;
}

export interface MergedSkills {
  /** One for each name, sorted by name. */
  readonly skills: readonly SourcedSkill[];
  readonly shadowed: readonly ShadowedSkill[];
  /** Invalid skills take nobody's place, and are listed so that none vanishes. */
  readonly invalid: readonly SourcedSkill[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * One skill for each name: of two, the one from the later source, within a source the one whose file sorts later (the
 * reference fills a map in that order). Names that only look alike stay two skills and are reported.
 */
export function mergeSources(sources: readonly SkillSource[]): MergedSkills {
  const candidates = inPrecedenceOrder(sources);
  const invalid = candidates.filter(({ skill }) => skill.state === "invalid");
  const byName = groupBy(
    candidates.filter(({ skill }) => skill.state !== "invalid"),
    ({ skill }) => skill.name,
  );
  const skills: SourcedSkill[] = [];
  const shadowed: ShadowedSkill[] = [];
  for (const group of byName.values()) {
    const winner = group[group.length - 1];
    if (winner === undefined) continue;
    skills.push(winner);
    for (const loser of group.slice(0, -1)) shadowed.push({ ...loser, by: winner });
  }
  skills.sort((left, right) => compareText(left.skill.name, right.skill.name));
  return {
    skills,
    shadowed,
    invalid,
    diagnostics: [
      ...shadowed.map(shadowDiagnostic),
      ...invalid.flatMap((broken) => invalidDiagnostic(broken, byName.get(broken.skill.name)?.at(-1))),
      ...lookalikeDiagnostics(skills),
    ],
  };
}

/** A file that two sources share (one root inside another) counts once, for the later of them. */
function inPrecedenceOrder(sources: readonly SkillSource[]): readonly SourcedSkill[] {
  const byFile = new Map<string, SourcedSkill>();
  const ordered = [...sources].sort(
    (left, right) => sourceKinds.indexOf(left.kind) - sourceKinds.indexOf(right.kind),
  );
  for (const { kind, skills } of ordered) {
    for (const skill of [...skills].sort((left, right) => compareText(left.file, right.file))) {
      byFile.delete(skill.file);
      byFile.set(skill.file, { skill, source: kind });
    }
  }
  return [...byFile.values()];
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function shadowDiagnostic({ skill, source, by }: ShadowedSkill): Diagnostic {
  const sameSource = source === by.source;
  return {
    code: "SKILL_SHADOWED",
    severity: sameSource ? "warning" : "info",
    message:
      `The skill ${quoteValue(skill.name)} in ${quoteValue(skill.file)} (${source}) is not used: ` +
      `${quoteValue(by.skill.file)} (${by.source}) has the same name and comes later.`,
    hint: sameSource
      ? "Give one of the two another name."
      : "Nothing to do if the later one is meant to replace it.",
    place: namePlace(skill),
  };
}

function invalidDiagnostic(broken: SourcedSkill, used: SourcedSkill | undefined): Diagnostic[] {
  if (used === undefined) return [];
  return [
    {
      code: "SKILL_SHADOW_INVALID",
      severity: "warning",
      message:
        `The skill ${quoteValue(broken.skill.name)} in ${quoteValue(broken.skill.file)} (${broken.source}) is invalid; ` +
        `${quoteValue(used.skill.file)} (${used.source}) is used under that name.`,
      hint: "Repair it, as its own diagnostics say, or take it away.",
      place: namePlace(broken.skill),
    },
  ];
}

function lookalikeDiagnostics(skills: readonly SourcedSkill[]): Diagnostic[] {
  const alike = groupBy(skills, ({ skill }) => nameSkeleton(skill.name));
  return [...alike.values()].flatMap(([first, ...others]) =>
    others.map((other): Diagnostic => {
      const { name, file } = other.skill;
      const against = first?.skill ?? other.skill;
      return {
        code: "SKILL_NAME_LOOKALIKE",
        severity: "warning",
        message:
          `The skill names ${quoteValue(against.name)} (${quoteValue(against.file)}) and ${quoteValue(name)} ` +
          `(${quoteValue(file)}) are easily taken for each other; both are kept.`,
        hint: `${howToTellApart(against.name, name)}; rename or remove one.`,
        place: namePlace(other.skill),
      };
    }),
  );
}

function howToTellApart(left: string, right: string): string {
  if (left.toLowerCase() === right.toLowerCase()) return "They differ in letter case alone";
  return `Compare their code points: ${codePoints(left)} and ${codePoints(right)}`;
}

/** Those that are not printable ASCII, at most eight. */
function codePoints(name: string): string {
  const unusual = Array.from(name).filter((character) => !/^[!-~]$/.test(character));
  if (unusual.length === 0) return "ASCII only";
  return unusual
    .slice(0, 8)
    .map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`)
    .join(" ");
}

function namePlace(skill: Skill): Place {
  return skill.places["name"] ?? { file: skill.file, line: 1, column: 1 };
}
