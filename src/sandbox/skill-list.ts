import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { escapeText, quoteValue } from "../diagnostic/quote-value.ts";

/** A skill as a model is told of it. */
export interface ListableSkill {
  readonly name: string;
  readonly description: string;
  /** Its SKILL.md, absolute, as seen inside. */
  readonly location: string;
}

/** `full`: name, description, location. `compact`: without the description. */
export type SkillListForm = "full" | "compact";

export interface SkillListLimits {
  readonly maxSkills: number;
  /** In UTF-16 code units, as gateways count. */
  readonly maxCharacters: number;
}

/** What reference gateways allow. */
export const defaultSkillListLimits: SkillListLimits = { maxSkills: 150, maxCharacters: 18_000 };

/** The text to put before a model. */
export interface SkillList {
  readonly form: SkillListForm;
  /** Empty where there is no skill to list. */
  readonly text: string;
  /** Of `text`. In full form: 195, and for each skill 97 and its name, description and location as escaped. */
  readonly characters: number;
  /** Names of the skills in it, in its order. */
  readonly names: readonly string[];
  /** Names of skills that no limit left room for. */
  readonly cut: readonly string[];
}

/**
 * The list of skills within its limits: at most so many skills, the first ones; then, if it is too long, without
 * descriptions; then as many as there is room for. Each step is said in a diagnostic.
 */
export function planSkillList(
  skills: readonly ListableSkill[],
  limits: SkillListLimits = defaultSkillListLimits,
): { readonly list: SkillList; readonly diagnostics: readonly Diagnostic[] } {
  const listable = skills.filter(({ location }) => escapeText(location) === location);
  const first = listable.slice(0, limits.maxSkills);
  const form = countThatFit(first, "full", limits) === first.length ? "full" : "compact";
  const listed = first.slice(0, countThatFit(first, form, limits));
  const text = formatSkillList(listed, form);
  const list: SkillList = {
    form,
    text,
    characters: text.length,
    names: listed.map(({ name }) => name),
    cut: listable.slice(listed.length).map(({ name }) => name),
  };
  return {
    list,
    diagnostics: [
      ...skills.filter((skill) => !listable.includes(skill)).map(hiddenPathDiagnostic),
      ...skills.filter(hasLongDescription).map(longDescriptionDiagnostic),
      ...limitDiagnostics(list, limits),
    ],
  };
}

/**
 * Skills in the form that gateways put before a model, without any limit. Everything a skill says of itself is escaped:
 * it can neither end its element nor hide or reorder text.
 */
export function formatSkillList(skills: readonly ListableSkill[], form: SkillListForm = "full"): string {
  if (skills.length === 0) return "";
  return [before, ...skills.map(formatters[form]), after].join("");
}

/** How many characters a skill takes in a list. */
export function skillListCharacters(skill: ListableSkill, form: SkillListForm = "full"): number {
  return formatters[form](skill).length;
}

/** Together 195 characters, as gateways count them. */
const before =
  "Skills are folders of instructions. Where one fits the task, read the file at its location first;\n" +
  "all relative paths in it start at the folder of that file.\n" +
  "<available_skills>\n";
const after = "</available_skills>";

const formatters: Readonly<Record<SkillListForm, (skill: ListableSkill) => string>> = {
  full: ({ name, description, location }) =>
    `  <skill>\n    <name>${escapeXml(name)}</name>\n    <description>${escapeXml(shorten(description))}</description>\n` +
    `    <location>${escapeXml(location)}</location>\n  </skill>\n`,
  compact: ({ name, location }) =>
    `  <skill>\n    <name>${escapeXml(name)}</name>\n    <location>${escapeXml(location)}</location>\n  </skill>\n`,
};

/** The format's own limit: without it one skill could take the descriptions of all others out of the list. */
const maxDescriptionCharacters = 1024;

function hasLongDescription({ description }: ListableSkill): boolean {
  return onOneLine(description).length > maxDescriptionCharacters;
}

function shorten(description: string): string {
  const line = onOneLine(description);
  return line.length > maxDescriptionCharacters ? `${line.slice(0, maxDescriptionCharacters - 1)}…` : line;
}

function onOneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}

function escapeXml(text: string): string {
  return escapeText(text).replaceAll(/[&<>"']/g, (character) => `&${entities.get(character)};`);
}

const entities = new Map([
  ["&", "amp"],
  ["<", "lt"],
  [">", "gt"],
  ['"', "quot"],
  ["'", "apos"],
]);

function countThatFit(
  skills: readonly ListableSkill[],
  form: SkillListForm,
  { maxCharacters }: SkillListLimits,
): number {
  let characters = before.length + after.length;
  for (const [index, skill] of skills.entries()) {
    characters += skillListCharacters(skill, form);
    if (characters > maxCharacters) return index;
  }
  return skills.length;
}

function limitDiagnostics(
  { form, cut, names }: SkillList,
  { maxSkills, maxCharacters }: SkillListLimits,
): readonly Diagnostic[] {
  const hint = "Choose fewer skills for this agent by name.";
  const compact: Diagnostic = {
    code: "LIST_COMPACT",
    severity: "warning",
    message: `With descriptions the list of skills has more than ${maxCharacters} characters; it is given without them.`,
    hint,
  };
  const incomplete: Diagnostic = {
    code: "LIST_CUT",
    severity: "warning",
    message:
      `The list of skills holds ${names.length} of ${names.length + cut.length} (at most ${maxSkills} skills and ` +
      `${maxCharacters} characters). Not in it: ${cut.slice(0, 10).map(quoteValue).join(", ")}${cut.length > 10 ? "…" : ""}`,
    hint,
  };
  return [...(form === "compact" ? [compact] : []), ...(cut.length > 0 ? [incomplete] : [])];
}

function hiddenPathDiagnostic({ name, location }: ListableSkill): Diagnostic {
  return {
    code: "LIST_PATH_HIDDEN",
    severity: "warning",
    message: `The skill ${quoteValue(name)} is not in the list: its path ${quoteValue(location)} cannot be shown.`,
    hint: "Rename its folder: without control characters, line ends and invisible characters.",
  };
}

function longDescriptionDiagnostic({ name }: ListableSkill): Diagnostic {
  return {
    code: "LIST_DESCRIPTION_CUT",
    severity: "info",
    message: `The description of the skill ${quoteValue(name)} has more than ${maxDescriptionCharacters} characters and is cut.`,
    hint: "Say in fewer words what it is for; details belong into the body.",
  };
}
