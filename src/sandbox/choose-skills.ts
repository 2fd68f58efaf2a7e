import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import {
  type BinaryWhereabouts,
  type EligibilityContext,
  type EligibilityRule,
  judgeEligibility,
} from "../skill/judge-eligibility.ts";
import { mergeSources, type SourcedSkill, type SourceKind } from "../skill/merge-sources.ts";
import { parseSkillsSettings } from "../skill/parse-skills-settings.ts";
import type { Skill } from "../skill/skill.ts";
import { type GatewaySourcesOptions, readGatewaySources } from "../source/read-gateway-sources.ts";
import type { TextPolicy } from "./text-policy.ts";

/** Where skills come from: everything of a gateway that decides it, as values. */
export type SkillsGround = Omit<GatewaySourcesOptions, "signal" | "onLook">;

/** Which of a gateway's skills a sandbox gets: by name, by what it can run, or both. */
export interface SkillsChoice {
  /** The agent's list of skills, or a list of one's own; null: any. An empty list chooses none. */
  readonly names: readonly string[] | null;
  /** Null: what skills require is not judged. */
  readonly facts: SandboxFacts | null;
  /** Default `warn`. */
  readonly textPolicy?: TextPolicy;
}

/** What skills find in a sandbox. */
export interface SandboxFacts {
  /** Names on PATH inside the image. */
  readonly imageBins: readonly string[];
  /** Names on PATH on the host: they decide nothing, they explain. */
  readonly hostBins?: readonly string[];
  /** Names of environment variables that an exec inside gets. */
  readonly envNames?: readonly string[];
}

/** A skill that is in a source and not in the sandbox. */
export interface ExcludedSkill {
  readonly name: string;
  readonly source: SourceKind;
  /** The first rule that excluded it. */
  readonly rule: EligibilityRule | "text";
  /** One line for people. */
  readonly reason: string;
  /** Where each binary is that it requires; empty where requirements are not judged. */
  readonly bins: readonly BinaryWhereabouts[];
}

/** A skill whose name another one of a later source has. */
export interface ShadowedName {
  readonly name: string;
  readonly source: SourceKind;
  readonly by: SourceKind;
}

export interface ChosenSkills {
  /** Sorted by name. */
  readonly skills: readonly SourcedSkill[];
  readonly excluded: readonly ExcludedSkill[];
  readonly shadowed: readonly ShadowedName[];
  /** The folder that each source was read from, links resolved; of several of one kind the last. */
  readonly roots: ReadonlyMap<SourceKind, string>;
  readonly diagnostics: readonly Diagnostic[];
  /** Every path that decided this: see `takeFingerprint`. */
  readonly lookedAt: readonly string[];
}

/** Reads a gateway's sources and chooses from them. Throws `CANCELLED` on the signal. */
export async function chooseSkills(
  ground: SkillsGround,
  choice: SkillsChoice,
  signal: AbortSignal,
): Promise<ChosenSkills> {
  const lookedAt: string[] = [];
  const read = await readGatewaySources({ ...ground, signal, onLook: (path) => lookedAt.push(path) });
  const merged = mergeSources(read.sources);
  const judge = createJudge(ground.config, choice);
  const judged = [...merged.skills, ...merged.invalid].map((sourced) => ({
    sourced,
    excluded: judge(sourced),
  }));
  return {
    skills: judged.filter(({ excluded }) => excluded === null).map(({ sourced }) => sourced),
    excluded: judged.flatMap(({ excluded }) => excluded ?? []),
    shadowed: merged.shadowed.map(({ skill, source, by }) => ({ name: skill.name, source, by: by.source })),
    roots: new Map(read.sources.map(({ kind, root }) => [kind, root])),
    diagnostics: [
      ...read.diagnostics,
      ...merged.diagnostics,
      ...merged.invalid.flatMap(({ skill }) => skill.diagnostics),
      ...judged
        .filter(({ excluded }) => excluded === null || excluded.rule === "text")
        .flatMap(({ sourced }) => sourced.skill.textFindings),
      ...unknownNames(choice, judged),
    ],
    lookedAt,
  };
}

function createJudge(
  config: unknown,
  { names, facts, textPolicy }: SkillsChoice,
): (sourced: SourcedSkill) => ExcludedSkill | null {
  const context: Omit<EligibilityContext, "bundled"> = {
    settings: parseSkillsSettings(config).settings,
    config,
    agentSkills: names,
    os: "linux",
    imageBins: new Set(facts?.imageBins),
    hostBins: new Set(facts?.hostBins),
    envNames: new Set(facts?.envNames),
  };
  return ({ skill, source }) => {
    const { eligible, decidedBy, reason, bins } = judgeEligibility(skill, {
      ...context,
      bundled: source === "bundled",
    });
    const shownBins = facts === null ? [] : bins;
    const isJudged = facts !== null || decidedBy === null || !requirementRules.has(decidedBy);
    if (!eligible && decidedBy !== null && isJudged)
      return { name: skill.name, source, rule: decidedBy, reason, bins: shownBins };
    if (textPolicy !== "deny" || skill.textFindings.length === 0) return null;
    return { name: skill.name, source, rule: "text", reason: describeText(skill), bins: shownBins };
  };
}

function describeText({ textFindings }: Skill): string {
  const [first, ...others] = textFindings;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `Its text is refused by the policy for texts: ${first?.code ?? ""} on line ${first?.place?.line ?? 1}${more}.`;
}

/** Asked last: a skill that fails one of them has passed every other rule. */
const requirementRules: ReadonlySet<EligibilityRule> = new Set<EligibilityRule>([
  "bins",
  "anyBins",
  "env",
  "config",
]);

function unknownNames(
  { names }: SkillsChoice,
  judged: readonly { readonly sourced: SourcedSkill }[],
): readonly Diagnostic[] {
  const known = new Set(judged.map(({ sourced }) => sourced.skill.name));
  return (names ?? [])
    .filter((name) => !known.has(name))
    .map((name) => ({
      code: "SKILL_NAME_UNKNOWN",
      severity: "warning",
      message: `No source has a skill with the name ${quoteValue(name)}, which was chosen.`,
      hint: "Compare it with the names of the skills in the sources: skillcrate scan PATHS...",
    }));
}
