import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { asObject, ownValue } from "./own-value.ts";

/** `skills.entries.<key>` of a gateway's configuration, as far as it decides whether a skill is eligible. */
export interface SkillEntry {
  readonly enabled: boolean;
  /** Names of the variables that `env` sets to something. Values stay in the configuration. */
  readonly envNames: ReadonlySet<string>;
  readonly hasApiKey: boolean;
}

/** `skills` of a gateway's configuration. */
export interface SkillsSettings {
  readonly entries: ReadonlyMap<string, SkillEntry>;
  /** Null: every bundled skill. An empty list means the same to the reference gateway. */
  readonly allowBundled: ReadonlySet<string> | null;
  /** As written: `~` and relative paths are not resolved here. */
  readonly extraDirs: readonly string[];
  readonly limits: SourceLimits;
}

/** Limits for a gateway's sources, under `skills.limits`. */
export interface SourceLimits {
  readonly maxCandidatesPerRoot: number;
  readonly maxSkillsLoadedPerSource: number;
  readonly maxSkillFileBytes: number;
}

export const defaultSourceLimits: SourceLimits = {
  maxCandidatesPerRoot: 300,
  maxSkillsLoadedPerSource: 200,
  maxSkillFileBytes: 256_000,
};

export interface ParsedSkillsSettings {
  readonly settings: SkillsSettings;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads `skills` out of a gateway's whole configuration (the value of its JSON5 file; anything goes). A key of the
 * wrong type is reported and counts as not set; keys that are not ours are left alone. No value is ever quoted that
 * could be a secret.
 */
export function parseSkillsSettings(config: unknown): ParsedSkillsSettings {
  const diagnostics: Diagnostic[] = [];
  const skills = objectAt(config, "skills", "skills", diagnostics);
  const load = objectAt(skills, "load", "skills.load", diagnostics);
  const allowed = listAt(skills, "allowBundled", "skills.allowBundled", diagnostics);
  const settings: SkillsSettings = {
    entries: parseEntries(objectAt(skills, "entries", "skills.entries", diagnostics), diagnostics),
    allowBundled: allowed.length === 0 ? null : new Set(allowed),
    extraDirs: listAt(load, "extraDirs", "skills.load.extraDirs", diagnostics),
    limits: parseLimits(objectAt(skills, "limits", "skills.limits", diagnostics), diagnostics),
  };
  return { settings, diagnostics };
}

function parseEntries(
  written: Readonly<Record<string, unknown>> | null,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, SkillEntry> {
  const entries = new Map<string, SkillEntry>();
  for (const key of Object.keys(written ?? {})) {
    const path = `skills.entries.${key}`;
    const entry = objectAt(written, key, path, diagnostics);
    const enabled = ownValue(entry, "enabled");
    if (enabled !== undefined && typeof enabled !== "boolean") {
      diagnostics.push(wrongType(`${path}.enabled`, "true or false", enabled));
    }
    const env = objectAt(entry, "env", `${path}.env`, diagnostics);
    const apiKey = ownValue(entry, "apiKey");
    entries.set(key, {
      enabled: enabled !== false,
      envNames: new Set(Object.keys(env ?? {}).filter((name) => isSet(ownValue(env, name)))),
      // A string, or an object that refers to a secret kept elsewhere.
      hasApiKey: asObject(apiKey) !== null || isSet(apiKey),
    });
  }
  return entries;
}

function isSet(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || typeof value === "number" || value === true;
}

function parseLimits(
  written: Readonly<Record<string, unknown>> | null,
  diagnostics: Diagnostic[],
): SourceLimits {
  const limit = (key: keyof SourceLimits): number => {
    const value = ownValue(written, key);
    if (value === undefined) return defaultSourceLimits[key];
    if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
    diagnostics.push(wrongType(`skills.limits.${key}`, "a whole number above 0", value));
    return defaultSourceLimits[key];
  };
  return {
    maxCandidatesPerRoot: limit("maxCandidatesPerRoot"),
    maxSkillsLoadedPerSource: limit("maxSkillsLoadedPerSource"),
    maxSkillFileBytes: limit("maxSkillFileBytes"),
  };
}

function objectAt(
  parent: unknown,
  key: string,
  path: string,
  diagnostics: Diagnostic[],
): Readonly<Record<string, unknown>> | null {
  const value = ownValue(asObject(parent), key);
  if (value === undefined || value === null) return null;
  const object = asObject(value);
  if (object === null) diagnostics.push(wrongType(path, "an object", value));
  return object;
}

function listAt(
  parent: Readonly<Record<string, unknown>> | null,
  key: string,
  path: string,
  diagnostics: Diagnostic[],
): readonly string[] {
  const value = ownValue(parent, key);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    diagnostics.push(wrongType(path, "a list of strings", value));
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    if (typeof item !== "string") {
      diagnostics.push(wrongType(`${path}.${index}`, "a string", item));
      return [];
    }
    const text = item.trim();
    return text === "" ? [] : [text];
  });
}

function wrongType(path: string, expected: string, value: unknown): Diagnostic {
  const found = Array.isArray(value) ? "a list" : value === null ? "null" : `of type ${typeof value}`;
  return {
    code: "GATEWAY_CONFIG_TYPE",
    severity: "warning",
    message: `The gateway's setting ${quoteValue(path)} is ${found} and counts as not set.`,
    hint: `Write ${expected} there.`,
  };
}
