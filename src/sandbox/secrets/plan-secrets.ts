import { compareText } from "../../diagnostic/compare-text.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { hideValues } from "./hide-values.ts";
import { type ConfigSecret, readConfigSecrets } from "./read-config-secrets.ts";
import { refuseName } from "./refuse-name.ts";
import type { SecretRule, SecretSkill } from "./secret-skill.ts";
import { refuseValue } from "./secret-value.ts";

/** Everything that decides which secrets a scope's sandbox gets; nothing is looked up elsewhere. */
export interface SecretsRequest {
  /** The skills that this scope has: those that are eligible in it. */
  readonly skills: readonly SecretSkill[];
  /** The scope's own `.env`. */
  readonly stored: ReadonlyMap<string, string>;
  /** The value of the gateway's configuration file. */
  readonly config: unknown;
  /** What references in the configuration stand for; without it they are reported. Nothing else of it is used. */
  readonly gatewayEnv?: Readonly<Record<string, string | undefined>>;
  /** What the operator allows and denies; of two on the same name and skill the later counts. */
  readonly rules: readonly SecretRule[];
}

/** One name: what becomes of it, and why. */
export interface SecretLine {
  readonly name: string;
  readonly status: "provided" | "missing" | "refused";
  /** Names of the skills that may see it, or that want it; sorted. */
  readonly skills: readonly string[];
  /** Where the value is: `.env`, a key of the gateway's configuration, or null: nowhere. */
  readonly from: string | null;
  /** One line for people. */
  readonly reason: string;
  /** What would change it, as words after `skillcrate secret`, the scope's options left out; null: nothing would. */
  readonly remedy: readonly string[] | null;
}

export interface SecretsPlan {
  /** Sorted by name. No values, no lengths. */
  readonly lines: readonly SecretLine[];
  /** The values of the provided names. Does not show itself when it is printed. */
  readonly values: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Decides which secrets a scope's sandbox gets: exactly the names that its skills declare (`requires.env`, `primaryEnv`)
 * or that the operator allows one of them, and never one that decides which code runs. Values come from the scope's own
 * file, else from the gateway's configuration for the skill itself. A name that is set to nothing in the scope's file
 * takes away what the configuration would give.
 */
export function planSecrets(request: SecretsRequest): SecretsPlan {
  const { stored, config, gatewayEnv = {} } = request;
  const skills = [...request.skills].sort((left, right) => compareText(left.name, right.name));
  const offered = readConfigSecrets(config, skills, gatewayEnv);
  const wishes = collectWishes(skills, request.rules);
  const names = new Set([...wishes.keys(), ...stored.keys(), ...offered.secrets.map(({ name }) => name)]);
  const values = new Map<string, string>();
  const lines: SecretLine[] = [];
  const diagnostics: Diagnostic[] = [...offered.diagnostics];
  for (const name of [...names].sort(compareText)) {
    const offers = offered.secrets.filter((offer) => offer.name === name);
    const likely = offers[0]?.skill ?? skills.find((skill) => isNamedFor(name, skill))?.name ?? null;
    const judged = judgeName(name, wishes.get(name) ?? noWishes, stored.get(name), offers, likely);
    lines.push(...judged.lines);
    diagnostics.push(...judged.diagnostics);
    if (judged.value !== null) values.set(name, judged.value);
  }
  return { lines, values: hideValues(values), diagnostics };
}

/** Which skills want a name, by skill: because they declare it, or because the operator allows it. */
interface Wishes {
  readonly declared: Set<string>;
  readonly allowed: Set<string>;
  readonly denied: Set<string>;
}

const noWishes: Wishes = { declared: new Set(), allowed: new Set(), denied: new Set() };

function collectWishes(
  skills: readonly SecretSkill[],
  rules: readonly SecretRule[],
): ReadonlyMap<string, Wishes> {
  const wishes = new Map<string, Wishes>();
  const wishesOf = (name: string): Wishes => {
    const known = wishes.get(name) ?? { declared: new Set(), allowed: new Set(), denied: new Set() };
    wishes.set(name, known);
    return known;
  };
  const present = new Set<string>();
  for (const { name: skill, requires, primaryEnv } of skills) {
    present.add(skill);
    for (const name of requires.env) wishesOf(name).declared.add(skill);
    if (primaryEnv !== undefined) wishesOf(primaryEnv).declared.add(skill);
  }
  for (const { name, skill, allow } of rules) {
    if (!present.has(skill)) continue;
    const { allowed, denied } = wishesOf(name);
    (allow ? allowed : denied).add(skill);
    (allow ? denied : allowed).delete(skill);
  }
  return wishes;
}

interface Judged {
  readonly lines: readonly SecretLine[];
  readonly value: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

function judgeName(
  name: string,
  { declared, allowed, denied }: Wishes,
  stored: string | undefined,
  offers: readonly ConfigSecret[],
  likelySkill: string | null,
): Judged {
  const from = stored === undefined ? (offers[0]?.key ?? null) : ownFile;
  const wanting = [...new Set([...declared, ...allowed])]
    .filter((skill) => !denied.has(skill))
    .sort(compareText);
  const refusal = refuseName(name);
  if (refusal?.kind === "never") {
    return only(refused(name, wanting, from, `Never given to a sandbox: ${refusal.why}.`, null));
  }
  const permitted = refusal === null ? wanting : wanting.filter((skill) => allowed.has(skill));
  const denials = [...denied].sort(compareText).map((skill) => {
    const others = permitted.length > 0 ? "; execs that are not for it alone still have it" : "";
    return refused(name, [skill], from, `The operator denied it to this skill${others}.`, allow(name, skill));
  });
  if (permitted.length > 0) {
    const judged = findValue(name, permitted, stored, offers);
    const strangers = offers
      .filter(({ skill }) => !wanting.includes(skill) && !denied.has(skill))
      .map(({ skill, key }) =>
        refused(name, [skill], key, "This skill does not declare it.", allow(name, skill)),
      );
    return { ...judged, lines: [...judged.lines, ...denials, ...strangers] };
  }
  const [first] = wanting;
  if (refusal !== null && first !== undefined) {
    const reason = `Declared by a skill, but ${refusal.why}.`;
    return only(refused(name, wanting, from, reason, allow(name, first)), ...denials);
  }
  if (denials.length > 0) return only(...denials);
  const reason = "No skill of this scope declares it, and the operator allows it to none.";
  return only(
    refused(
      name,
      likelySkill === null ? [] : [likelySkill],
      from,
      reason,
      allow(name, likelySkill ?? "SKILL"),
    ),
  );
}

/** `GOG_KEYRING_PASSWORD` is, by custom, for the skill `gog`. */
function isNamedFor(name: string, { skillKey }: SecretSkill): boolean {
  return name.startsWith(`${skillKey.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_")}_`);
}

const ownFile = ".env";

function findValue(
  name: string,
  skills: readonly string[],
  stored: string | undefined,
  offers: readonly ConfigSecret[],
): Judged {
  const line = { name, skills };
  const missing = (from: string | null, reason: string): Judged =>
    only({ ...line, status: "missing", from, reason, remedy: ["set", name] });
  if (stored === "") return missing(ownFile, "It is set to nothing in the scope's own file.");
  const usable = offers.filter((offer) => offer.value !== null && skills.includes(offer.skill));
  const value = stored ?? usable[0]?.value ?? null;
  if (value === null) {
    const broken = offers.find((offer) => skills.includes(offer.skill));
    if (broken !== undefined)
      return missing(broken.key, "What the gateway's configuration says of it cannot be used.");
    return missing(
      null,
      "It has no value, neither in the scope's own file nor in the gateway's configuration.",
    );
  }
  const from = stored === undefined ? (usable[0]?.key ?? null) : ownFile;
  const why = refuseValue(name, value);
  if (why !== null) return missing(from, `Its value cannot be given to a program: ${why}.`);
  const provided: SecretLine = { ...line, status: "provided", from, reason: reasonOf(skills), remedy: null };
  const differing = stored === undefined ? usable.filter((offer) => offer.value !== value) : [];
  return { lines: [provided], value, diagnostics: differing.map((offer) => valuesDiffer(name, from, offer)) };
}

function reasonOf(skills: readonly string[]): string {
  return `For ${skills.map(quoteValue).join(", ")}.`;
}

function valuesDiffer(name: string, from: string | null, offer: ConfigSecret): Diagnostic {
  return {
    code: "SECRET_VALUES_DIFFER",
    severity: "warning",
    message:
      `${quoteValue(name)} has one value in ${quoteValue(from)} and another in ${quoteValue(offer.key)}; ` +
      "every exec of the scope gets the first.",
    hint: "Set the scope's own, which comes before both: skillcrate secret set NAME",
  };
}

function refused(
  name: string,
  skills: readonly string[],
  from: string | null,
  reason: string,
  remedy: SecretLine["remedy"],
): SecretLine {
  return { name, status: "refused", skills, from, reason, remedy };
}

/** The command that would let a skill have a name. */
function allow(name: string, skill: string): readonly string[] {
  return ["allow", name, "--skill", skill];
}

function only(...lines: readonly SecretLine[]): Judged {
  return { lines, value: null, diagnostics: [] };
}
