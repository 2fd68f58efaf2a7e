import { quoteValue } from "../diagnostic/quote-value.ts";
import { asObject, ownValue } from "./own-value.ts";
import type { SkillsSettings } from "./parse-skills-settings.ts";
import type { Skill, SkillOs } from "./skill.ts";

/** Everything that decides whether a skill is eligible; nothing is looked up elsewhere. */
export interface EligibilityContext {
  readonly settings: SkillsSettings;
  /** The gateway's whole configuration, for `requires.config`. */
  readonly config: unknown;
  /** Whether the skill comes with the gateway. */
  readonly bundled: boolean;
  /** The agent's own list of skills; null: it has none. An empty list allows none. */
  readonly agentSkills: readonly string[] | null;
  /** The system that the skill would run on; inside a sandbox always `linux`. */
  readonly os: SkillOs;
  /** Names on PATH inside the image that the sandbox runs, as a probe found them. */
  readonly imageBins: ReadonlySet<string>;
  /** Names on PATH on the gateway's host: they decide nothing, they explain. */
  readonly hostBins: ReadonlySet<string>;
  /** Names of environment variables that are set to something. */
  readonly envNames: ReadonlySet<string>;
}

/** The rules in the order they are asked; the first that fails excludes. */
export type EligibilityRule =
  | "valid"
  | "enabled"
  | "allowBundled"
  | "agent"
  | "os"
  | "always"
  | "bins"
  | "anyBins"
  | "env"
  | "config";

export interface BinaryWhereabouts {
  readonly name: string;
  readonly where: "image" | "host" | "nowhere";
}

export interface Eligibility {
  readonly eligible: boolean;
  /** The rule that excluded; `always` where that rule included it without asking further; null: all passed. */
  readonly decidedBy: EligibilityRule | null;
  /** One line for people. */
  readonly reason: string;
  /** Every binary of `requires.bins` and `requires.anyBins`, in the order declared. */
  readonly bins: readonly BinaryWhereabouts[];
}

/**
 * Whether a gateway offers this skill to an agent whose sandbox runs the given image, with the reference's rules in the
 * reference's order, but binaries judged inside the image and not on the host.
 */
export function judgeEligibility(skill: Skill, context: EligibilityContext): Eligibility {
  const { requires } = skill;
  const bins = [...new Set([...requires.bins, ...requires.anyBins])].map((name) => locate(name, context));
  const refusal = firstFailure(gates, skill, context);
  if (refusal !== null) return { eligible: false, ...refusal, bins };
  if (skill.always) {
    return {
      eligible: true,
      decidedBy: "always",
      reason: "It says always: true; nothing further is asked.",
      bins,
    };
  }
  const lack = firstFailure(requirements, skill, context);
  if (lack !== null) return { eligible: false, ...lack, bins };
  return { eligible: true, decidedBy: null, reason: "Everything that it requires is there.", bins };
}

/** Null: passed; otherwise why not. */
type Check = (skill: Skill, context: EligibilityContext) => string | null;
type Rule = readonly [EligibilityRule, Check];

/** Asked of every skill. */
const gates: readonly Rule[] = [
  ["valid", (skill) => (skill.state === "invalid" ? "Its SKILL.md is invalid; see its diagnostics." : null)],
  ["enabled", checkEnabled],
  ["allowBundled", checkBundled],
  ["agent", checkAgent],
  ["os", checkOs],
];

/** Not asked of a skill that says `always: true`. */
const requirements: readonly Rule[] = [
  ["bins", checkBins],
  ["anyBins", checkAnyBins],
  ["env", checkEnv],
  ["config", checkConfig],
];

function firstFailure(
  rules: readonly Rule[],
  skill: Skill,
  context: EligibilityContext,
): Pick<Eligibility, "decidedBy" | "reason"> | null {
  for (const [decidedBy, check] of rules) {
    const reason = check(skill, context);
    if (reason !== null) return { decidedBy, reason };
  }
  return null;
}

function checkEnabled(skill: Skill, { settings }: EligibilityContext): string | null {
  if (settings.entries.get(skill.skillKey)?.enabled !== false) return null;
  return `Turned off: ${quoteValue(`skills.entries.${skill.skillKey}.enabled`)} is false.`;
}

function checkBundled(skill: Skill, { settings, bundled }: EligibilityContext): string | null {
  const { allowBundled } = settings;
  if (!bundled || allowBundled === null) return null;
  if (allowBundled.has(skill.skillKey) || allowBundled.has(skill.name)) return null;
  return `It is bundled, and "skills.allowBundled" does not list ${quoteValue(skill.skillKey)}.`;
}

function checkAgent(skill: Skill, { agentSkills }: EligibilityContext): string | null {
  if (agentSkills === null || agentSkills.includes(skill.name)) return null;
  return `The list of wanted skills does not hold ${quoteValue(skill.name)}.`;
}

function checkOs(skill: Skill, { os }: EligibilityContext): string | null {
  if (skill.os.length === 0 || skill.os.includes(os)) return null;
  return `It is for ${skill.os.join(", ")}, and the sandbox is ${os}.`;
}

function checkBins(skill: Skill, context: EligibilityContext): string | null {
  const missing = skill.requires.bins
    .map((name) => locate(name, context))
    .filter(({ where }) => where !== "image");
  if (missing.length === 0) return null;
  return `Not in the image: ${missing.map(describeMissing).join(", ")}.`;
}

function checkAnyBins(skill: Skill, context: EligibilityContext): string | null {
  const { anyBins } = skill.requires;
  if (anyBins.length === 0) return null;
  const found = anyBins.map((name) => locate(name, context));
  if (found.some(({ where }) => where === "image")) return null;
  return `One of these must be in the image, and none is: ${found.map(describeMissing).join(", ")}.`;
}

function checkEnv(skill: Skill, { settings, envNames }: EligibilityContext): string | null {
  const entry = settings.entries.get(skill.skillKey);
  const missing = skill.requires.env.filter(
    (name) =>
      !envNames.has(name) &&
      entry?.envNames.has(name) !== true &&
      !(entry?.hasApiKey === true && skill.primaryEnv === name),
  );
  if (missing.length === 0) return null;
  return (
    `Not set: ${missing.map(quoteValue).join(", ")}, neither in the environment nor under ` +
    `${quoteValue(`skills.entries.${skill.skillKey}`)}.`
  );
}

function checkConfig(skill: Skill, { config }: EligibilityContext): string | null {
  const missing = skill.requires.config.filter((path) => !isTruthy(configValue(config, path)));
  if (missing.length === 0) return null;
  return `Not set in the gateway's configuration: ${missing.map(quoteValue).join(", ")}.`;
}

function locate(name: string, { imageBins, hostBins }: EligibilityContext): BinaryWhereabouts {
  return { name, where: imageBins.has(name) ? "image" : hostBins.has(name) ? "host" : "nowhere" };
}

function describeMissing({ name, where }: BinaryWhereabouts): string {
  return where === "host" ? `${quoteValue(name)} (it is on the host)` : quoteValue(name);
}

function configValue(config: unknown, path: string): unknown {
  let value: unknown = config;
  for (const key of path.split(".")) value = ownValue(asObject(value), key);
  return value === undefined ? gatewayDefaults.get(path) : value;
}

// Settings that the reference takes for true while nobody has set them.
const gatewayDefaults = new Map<string, unknown>([
  ["browser.enabled", true],
  ["browser.evaluateEnabled", true],
]);

/** As the reference judges it: blank strings are not set, empty lists and objects are. */
function isTruthy(value: unknown): boolean {
  return typeof value === "string" ? value.trim() !== "" : Boolean(value);
}
