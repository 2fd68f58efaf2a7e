import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { Skill } from "../skill/skill.ts";
import type { Answer } from "./answer.ts";
import { type Alternative, chooseAlternative } from "./choose-alternative.ts";
import { describeRecipe } from "./describe-recipe.ts";
import { entriesFor } from "./entries-for.ts";
import { type InstallEntry, readInstall } from "./read-install.ts";
import type { Resolution, ResolutionStatus, ResolveResult } from "./recipe.ts";
import { resolveBinary } from "./resolve-binary.ts";
import type { ResolveContext } from "./resolve-context.ts";

/** A row for each command that the skill requires, in `bins` or `anyBins`, each once. */
export function resolveSkill(skill: Skill, context: ResolveContext): ResolveResult {
  const required = [...new Set(skill.requires.bins)];
  const alternatives = [...new Set(skill.requires.anyBins)].filter((bin) => !required.includes(bin));
  const { entries, refusals } = readInstall(skill);
  const exclusion = whyExcluded(skill, refusals);
  if (exclusion !== null) {
    const rows = [...required, ...alternatives].map((bin) => row(skill, bin, "excluded", exclusion.reason));
    return { resolutions: rows, diagnostics: exclusion.diagnostics };
  }
  const answer = (bin: string): Alternative => ({ bin, answer: resolveBinary(skill, bin, entries, context) });
  const settled = [
    ...required.map((bin) => settle(skill, answer(bin))),
    ...settleAlternatives(skill, alternatives.map(answer)),
  ];
  return {
    resolutions: settled.flatMap(({ resolutions }) => resolutions),
    diagnostics: [...settled.flatMap(({ diagnostics }) => diagnostics), ...unusedEntries(skill, entries)],
  };
}

interface Exclusion {
  readonly reason: string;
  readonly diagnostics: readonly Diagnostic[];
}

function whyExcluded(skill: Skill, refusedPackages: readonly Diagnostic[]): Exclusion | null {
  if (skill.state === "invalid") {
    const problem = skill.diagnostics.find(({ severity }) => severity === "error")?.message;
    return {
      reason: `its SKILL.md is invalid${problem === undefined ? "" : `: ${problem}`}`,
      diagnostics: [],
    };
  }
  if (skill.os.length > 0 && !skill.os.includes("linux")) {
    return { reason: `the skill is for ${skill.os.join(" and ")} only`, diagnostics: [] };
  }
  const refusals = [...refusedBins(skill), ...refusedPackages];
  const [first] = refusals;
  return first === undefined
    ? null
    : { reason: `the skill is refused: ${first.message}`, diagnostics: refusals };
}

// A name in a folder for commands, and a word that no shell, installer or Dockerfile reads as anything else.
const binPattern = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

function refusedBins(skill: Skill): Diagnostic[] {
  return [...skill.requires.bins, ...skill.requires.anyBins]
    .filter((bin) => !binPattern.test(bin))
    .map((bin) => ({
      code: "RECIPE_BIN_INVALID",
      severity: "error",
      message: `${quoteValue(bin)} is not a command's name.`,
      hint: "Write the bare name of a program: up to 64 letters, digits, dots, dashes, underscores and plus signs.",
      place: placeOf(skill, bin),
    }));
}

function settle(skill: Skill, { bin, answer }: Alternative): ResolveResult {
  const { status, reason, recipe, evidence } = answer;
  const resolution: Resolution = { ...row(skill, bin, status, reason), recipe, evidence };
  return { resolutions: [resolution], diagnostics: diagnose(skill, bin, answer) };
}

function settleAlternatives(skill: Skill, alternatives: readonly Alternative[]): ResolveResult[] {
  const chosen = chooseAlternative(alternatives);
  if (chosen === null) return alternatives.map((alternative) => settle(skill, alternative));
  const others = alternatives.filter(({ bin }) => bin !== chosen.bin);
  const { recipe } = chosen.answer;
  const source = recipe === null ? "it is there already" : describeRecipe(recipe);
  const reason = `any one of anyBins is enough, and ${chosen.bin} costs least: ${source}`;
  return [
    settle(skill, chosen),
    { resolutions: others.map(({ bin }) => row(skill, bin, "excluded", reason)), diagnostics: [] },
  ];
}

function diagnose(
  skill: Skill,
  bin: string,
  { status, reason, hint, unpinned, evidence }: Answer,
): Diagnostic[] {
  const place = placeOf(skill, bin);
  switch (status) {
    case "present":
      return [];
    case "resolved":
      if (unpinned === null) return [];
      return [
        {
          code: "RECIPE_UNPINNED",
          severity: "warning",
          message: `${quoteValue(bin)} is not pinned: ${unpinned}.`,
          hint: "Write an exact version into an install entry: name@1.2.3 for npm, name==1.2.3 for Python.",
          place: evidence?.place ?? place,
        },
      ];
    case "proposed":
      return [
        {
          code: "RECIPE_PROPOSED",
          severity: "error",
          message: `${quoteValue(bin)} needs a decision: ${reason}.`,
          hint: `${hint}.`,
          place,
        },
      ];
    case "unresolved":
      return [
        {
          code: "RECIPE_UNRESOLVED",
          severity: "error",
          message: `Nothing provides ${quoteValue(bin)} on Linux: ${reason}.`,
          hint: `${hint}.`,
          place,
        },
      ];
  }
}

/** Entries that no required command was looked up through; other systems' entries and those reported already aside. */
function unusedEntries(skill: Skill, entries: readonly InstallEntry[]): Diagnostic[] {
  const bins = [...skill.requires.bins, ...skill.requires.anyBins];
  const used = new Set(bins.flatMap((bin) => entriesFor(bin, entries)));
  return entries
    .filter((entry) => !used.has(entry) && entry.spec.kind !== null && entry.names.length > 0)
    .map(({ key, spec, names }) => ({
      code: "RECIPE_INSTALL_UNUSED",
      severity: "info",
      message: `${key} (${spec.declaredKind} ${names.map(quoteValue).join(" ")}) is not installed: it gives no command that the skill requires.`,
      hint: "Name its commands in requires.bins if the skill needs them; libraries alone are not installed.",
      place: spec.place,
    }));
}

function row(skill: Skill, bin: string, status: ResolutionStatus, reason: string): Resolution {
  const { name, dir } = skill;
  return { skill: name, dir, bin, status, recipe: null, evidence: null, reason, place: placeOf(skill, bin) };
}

/** Where the SKILL.md names the command, else where it names commands, else its first line. */
function placeOf({ requires, places, file }: Skill, bin: string): Place {
  const lists = [
    ["requires.bins", requires.bins],
    ["requires.anyBins", requires.anyBins],
  ] as const;
  for (const [key, bins] of lists) {
    const index = bins.indexOf(bin);
    if (index !== -1) return places[`${key}.${index}`] ?? places[key] ?? { file, line: 1, column: 1 };
  }
  return { file, line: 1, column: 1 };
}
