import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { Skill } from "../skill/skill.ts";
import type { Answer } from "./answer.ts";
import { correctSkill } from "./correct-skill.ts";
import type { SkillLibraries } from "./library.ts";
import type { AddedNeed } from "./overlay.ts";
import { overlayEntries } from "./overlay-entries.ts";
import { placeOfBin } from "./place-of-bin.ts";
import { type InstallEntry, readInstall } from "./read-install.ts";
import { resolveBinary } from "./resolve-binary.ts";
import type { ResolveContext } from "./resolve-context.ts";
import type { NeededBin } from "./skill-needs.ts";
import { librariesOfInstall, wantedLibraries } from "./wanted-libraries.ts";

/** A command with its answer. */
export interface BinaryAnswer {
  readonly bin: string;
  readonly answer: Answer;
  /** The overlay's entries for it, whether or not they were asked. */
  readonly overlay: readonly InstallEntry[];
}

/** A skill with the answers for its commands, before alternatives are chosen and other skills looked at. */
export interface AnsweredSkill {
  /** As the overlay corrects it. */
  readonly skill: Skill;
  /** Why nothing of it is resolved; null: it is. */
  readonly exclusion: Exclusion | null;
  /** Each once; those of an excluded skill have no answers. */
  readonly required: readonly string[];
  readonly alternatives: readonly string[];
  readonly answers: ReadonlyMap<string, BinaryAnswer>;
  /** Commands that the overlay passes over. */
  readonly ignored: readonly AddedNeed[];
  /** Its own install entries that apply to Linux. */
  readonly entries: readonly InstallEntry[];
  /** Commands that only its files ask for; they have answers too. */
  readonly needed: ReadonlyMap<string, NeededBin>;
  readonly libraries: SkillLibraries;
}

interface Exclusion {
  readonly reason: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Asks for each command that a skill requires, in `bins` or `anyBins`, what provides it. */
export function answerSkill(declared: Skill, context: ResolveContext): AnsweredSkill {
  const { skill, corrections, ignored } = correctSkill(declared, context.overlay);
  const required = [...new Set(skill.requires.bins)];
  const alternatives = [...new Set(skill.requires.anyBins)].filter((bin) => !required.includes(bin));
  const { entries, refusals } = readInstall(skill);
  const needs = context.needs?.get(skill.dir);
  const exclusion = whyExcluded(skill, [...refusals, ...(needs?.refusals ?? [])]);
  const passedOver = new Set([
    ...[...required, ...alternatives],
    ...corrections.flatMap(({ ignore }) => ignore.bins),
  ]);
  const needed = exclusion === null ? (needs?.bins ?? []).filter(({ name }) => !passedOver.has(name)) : [];
  const wanted = exclusion === null ? [...required, ...alternatives, ...needed.map(({ name }) => name)] : [];
  const answers = wanted.map((bin): [string, BinaryAnswer] => {
    const overlay = overlayEntries(bin, corrections, context.overlay?.bins ?? {}, context.platform);
    const said = { overlay, install: entries, homepage: skill.homepage };
    return [bin, { bin, overlay, answer: resolveBinary(bin, said, context) }];
  });
  return {
    skill,
    exclusion,
    required,
    alternatives,
    answers: new Map(answers),
    ignored,
    entries,
    needed: new Map(needed.map((need) => [need.name, need])),
    libraries: {
      skill: skill.name,
      dir: skill.dir,
      exclusion: exclusion?.reason ?? null,
      wanted: wantedLibraries(needs, corrections),
      named: librariesOfInstall(entries),
    },
  };
}

/** Whether everything that it requires outright can be had. */
export function isComplete({ exclusion, required, answers }: AnsweredSkill): boolean {
  return exclusion === null && required.every((bin) => isUsable(answers.get(bin)?.answer));
}

/** Whether an answer gives the command. */
export function isUsable(answer: Answer | undefined): boolean {
  return answer?.status === "present" || answer?.status === "resolved";
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
      place: placeOfBin(skill, bin),
    }));
}
