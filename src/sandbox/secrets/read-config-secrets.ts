import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import type { SecretSkill } from "./secret-skill.ts";

/** A value that the gateway's configuration has for one skill. */
export interface ConfigSecret {
  readonly name: string;
  /** The skill's name. */
  readonly skill: string;
  /** `skills.entries.gog.apiKey`. */
  readonly key: string;
  /** Null: it cannot be used; a diagnostic says why. */
  readonly value: string | null;
}

export interface ConfigSecrets {
  readonly secrets: readonly ConfigSecret[];
  readonly diagnostics: readonly Diagnostic[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What `skills.entries.<key>` of a gateway's configuration gives these skills: `env`, and `apiKey` as the skill's
 * `primaryEnv` unless `env` has that name too. `"${NAME}"` and `{ source: "env", id: "NAME" }` stand for a variable of the
 * gateway's own environment; other references are reported, never passed on as text.
 */
export function readConfigSecrets(
  config: unknown,
  skills: readonly SecretSkill[],
  gatewayEnv: Environment,
): ConfigSecrets {
  const diagnostics: Diagnostic[] = [];
  const entries = asObject(ownValue(asObject(ownValue(asObject(config), "skills")), "entries"));
  if (entries === null) return { secrets: [], diagnostics };
  const secrets = skills.flatMap(({ name: skill, skillKey, primaryEnv }) => {
    const entry = asObject(ownValue(entries, skillKey));
    const path = `skills.entries.${skillKey}`;
    const env = asObject(ownValue(entry, "env")) ?? {};
    const read = (name: string, key: string, written: unknown): ConfigSecret[] => {
      const found = readWritten(written, gatewayEnv);
      if (found === null) return [];
      if (found.why !== null) diagnostics.push(unusable(key, found.why));
      return [{ name, skill, key, value: found.value }];
    };
    const ofEnv = Object.keys(env).flatMap((name) => read(name, `${path}.env.${name}`, env[name]));
    const apiKey = ownValue(entry, "apiKey");
    if (primaryEnv === undefined) {
      if (readWritten(apiKey, gatewayEnv) !== null) diagnostics.push(nameless(`${path}.apiKey`));
      return ofEnv;
    }
    if (ofEnv.some(({ name, value }) => name === primaryEnv && value !== null)) return ofEnv;
    return [...ofEnv, ...read(primaryEnv, `${path}.apiKey`, apiKey)];
  });
  return { secrets, diagnostics };
}

type Found = { readonly value: string; readonly why: null } | { readonly value: null; readonly why: string };

/** Null: nothing is set there. */
function readWritten(written: unknown, gatewayEnv: Environment): Found | null {
  if (written === undefined || written === null || written === "") return null;
  if (typeof written === "number" || typeof written === "boolean")
    return { value: String(written), why: null };
  const id = referenceIn(written);
  if (id !== null) return readReference(id, gatewayEnv);
  if (typeof written === "string") return { value: written, why: null };
  return { value: null, why: "is no text, and no reference to a variable of the gateway's environment" };
}

/** The name of the variable that is meant; null: it is no such reference. */
function referenceIn(written: unknown): string | null {
  if (typeof written === "string") return /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(written)?.[1] ?? null;
  const object = asObject(written);
  const [source, id] = [ownValue(object, "source"), ownValue(object, "id")];
  return source === "env" && typeof id === "string" ? id : null;
}

function readReference(id: string, gatewayEnv: Environment): Found {
  const value = Object.hasOwn(gatewayEnv, id) ? gatewayEnv[id] : undefined;
  if (value !== undefined && value !== "") return { value, why: null };
  return { value: null, why: `refers to ${quoteValue(id)}, which is not set in the gateway's environment` };
}

function unusable(key: string, why: string): Diagnostic {
  return {
    code: "SECRET_CONFIG_VALUE",
    severity: "warning",
    message: `The gateway's setting ${quoteValue(key)} gives no secret: it ${why}.`,
    hint: "Give the sandbox the value itself: skillcrate secret set NAME",
  };
}

function nameless(key: string): Diagnostic {
  return {
    code: "SECRET_CONFIG_VALUE",
    severity: "warning",
    message: `The gateway's setting ${quoteValue(key)} gives no secret: the skill does not say which variable it is (primaryEnv).`,
    hint: "Write the value under env, with the variable's name: skills.entries.<key>.env.NAME",
  };
}
