import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { Skill } from "../skill/skill.ts";
import type { Answer } from "./answer.ts";
import type { AnsweredSkill, BinaryAnswer } from "./answer-skill.ts";
import type { ChosenAlternative } from "./choose-alternative.ts";
import { entriesFor } from "./entries-for.ts";
import { placeOfBin } from "./place-of-bin.ts";
import type { InstallEntry } from "./read-install.ts";
import type { Resolution, ResolutionStatus, ResolveResult } from "./recipe.ts";
import type { NeededBin } from "./skill-needs.ts";

/** A row for each command that a skill requires, in `bins` or `anyBins`, each once; `chosen`: of its alternatives. */
export function resolveSkill(answered: AnsweredSkill, chosen: ChosenAlternative | null): ResolveResult {
  const { skill, exclusion, required, alternatives, answers, ignored, entries, needed } = answered;
  const passedOver = ignored.map(({ name, place }) => ({
    ...row(skill, name, "excluded", "the overlay says that the skill does not need it"),
    place,
  }));
  if (exclusion !== null) {
    const rows = [...required, ...alternatives].map((bin) => row(skill, bin, "excluded", exclusion.reason));
    return { resolutions: [...rows, ...passedOver], diagnostics: exclusion.diagnostics };
  }
  const settled = [...answers.values()].map((answer) => {
    const need = needed.get(answer.bin);
    if (need !== undefined) return settleNeeded(skill, need, answer);
    return chosen === null || required.includes(answer.bin) || answer.bin === chosen.bin
      ? settle(skill, answer)
      : { resolutions: [row(skill, answer.bin, "excluded", chosen.reason)], diagnostics: [] };
  });
  return {
    resolutions: [...settled.flatMap(({ resolutions }) => resolutions), ...passedOver],
    diagnostics: [...settled.flatMap(({ diagnostics }) => diagnostics), ...unusedEntries(skill, entries)],
  };
}

function settle(skill: Skill, { bin, answer, overlay }: BinaryAnswer): ResolveResult {
  const { status, reason, recipe, evidence } = answer;
  const resolution: Resolution = { ...row(skill, bin, status, reason), recipe, evidence };
  return {
    resolutions: [resolution],
    diagnostics: [...diagnose(skill, bin, answer), ...overruled(bin, answer, overlay)],
  };
}

/** What only the skill's files ask for: it may be missing, and somebody should know. */
function settleNeeded(
  skill: Skill,
  { because, place }: NeededBin,
  { bin, answer }: BinaryAnswer,
): ResolveResult {
  const { status, reason, recipe, evidence, hint } = answer;
  const resolution: Resolution = {
    ...row(skill, bin, status, reason),
    recipe,
    evidence,
    place,
    inferred: true,
  };
  if (status === "present" || status === "resolved") return { resolutions: [resolution], diagnostics: [] };
  return {
    resolutions: [resolution],
    diagnostics: [
      {
        code: "RECIPE_NEED_OPEN",
        severity: "warning",
        message: `The image may be without ${quoteValue(bin)} (${because}): ${reason}.`,
        hint: `${hint}.`,
        place,
      },
    ],
  };
}

function diagnose(
  skill: Skill,
  bin: string,
  { status, reason, hint, unpinned, evidence }: Answer,
): Diagnostic[] {
  const place = placeOfBin(skill, bin);
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
          hint: "Write an exact version into an install entry: name@1.2.3 (npm, cargo), name==1.2.3 (Python), path@v1.2.3 (Go); a sha256 for a download.",
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

/** The overlay's entries for a command that the image below has anyway. */
function overruled(bin: string, { status, reason }: Answer, overlay: readonly InstallEntry[]): Diagnostic[] {
  if (status !== "present") return [];
  return overlay.map(({ key, spec }) => ({
    code: "OVERLAY_UNUSED",
    severity: "warning",
    message: `${quoteValue(key)} has no effect on ${quoteValue(bin)}: ${reason}.`,
    hint: "Take it out of the overlay, or build on an image without that command.",
    place: spec.place,
  }));
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
  return {
    skill: name,
    dir,
    bin,
    status,
    recipe: null,
    evidence: null,
    reason,
    place: placeOfBin(skill, bin),
  };
}
