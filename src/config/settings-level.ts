import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { asObject } from "../skill/own-value.ts";
import type { ConfigDocument } from "./config-document.ts";
import { nearestName } from "./nearest-name.ts";
import { problemAt } from "./problem.ts";
import { formatKeyPath, type KeyPath } from "./session/key-path.ts";
import { type Section, sections } from "./settings/sections.ts";

/** One place where settings of a sandbox are written: those of all agents, or an agent's own. */
export interface SettingsLevel {
  readonly rule: "agent" | "defaults";
  /** Of `sandbox`. */
  readonly path: KeyPath;
}

/** Where a section of a level stands. */
export function sectionPath({ path }: SettingsLevel, { key }: Section): KeyPath {
  return key === null ? path : [...path, key];
}

/** Says what in a level is no setting: keys that do not exist, keys that stand twice, sections that are no maps. */
export function checkLevel(document: ConfigDocument, level: SettingsLevel): readonly Diagnostic[] {
  return sections.flatMap((section) => checkSection(document, sectionPath(level, section), section));
}

function checkSection(document: ConfigDocument, path: KeyPath, section: Section): readonly Diagnostic[] {
  const written = document.valueAt(path);
  if (written === undefined) return [];
  const map = asObject(written);
  if (map === null) {
    return [
      problemAt(path, document.placeOf(path), {
        code: "CONFIG_VALUE_INVALID",
        severity: "error",
        what: "is not a map of settings",
        hint: "Write { … } there, or take it out.",
      }),
    ];
  }
  const known = keysOf(section);
  return [
    ...Object.keys(map)
      .filter((key) => !known.includes(key))
      .slice(0, mostUnknown)
      .map((key) => unknownKey(document, [...path, key], section)),
    ...repeatedKeys(document, path),
  ];
}

/** Enough to see that something else has got there. */
const mostUnknown = 100;

/** Says which keys of a map stand in it twice. */
export function repeatedKeys(document: ConfigDocument, path: KeyPath): readonly Diagnostic[] {
  return document.repeatedKeys(path).map(({ key, place }) =>
    problemAt([...path, key], place, {
      code: "CONFIG_KEY_DUPLICATE",
      severity: "warning",
      what: "stands here again; only the last one counts",
      hint: "Keep one of them.",
    }),
  );
}

/** Keys of a section: its settings, their old forms, and in `sandbox` itself the other sections. */
function keysOf(section: Section): readonly string[] {
  const own = Object.values(section.settings).flatMap((setting) =>
    setting.merge === "replace" && setting.oldForm !== undefined
      ? [setting.key, setting.oldForm.key]
      : [setting.key],
  );
  return section.key === null ? [...own, ...sections.flatMap(({ key }) => (key === null ? [] : [key]))] : own;
}

function unknownKey(document: ConfigDocument, path: KeyPath, section: Section) {
  return problemAt(path, document.placeOfKey(path), {
    code: "CONFIG_KEY_UNKNOWN",
    severity: "error",
    what: "does not exist",
    hint: suggest(String(path.at(-1)), section),
  });
}

/** The same key in another section, else a near name, else all that there are. */
function suggest(key: string, section: Section): string {
  const elsewhere = sections.find((other) => other !== section && keysOf(other).includes(key));
  if (elsewhere !== undefined)
    return `Write it as ${quoteValue(formatKeyPath(["sandbox", ...(elsewhere.key === null ? [] : [elsewhere.key]), key]))}.`;
  const near = nearestName(key, keysOf(section));
  if (near !== null) return `Did you mean ${quoteValue(near)}?`;
  return `Take it out. What there is: ${keysOf(section).join(", ")}.`;
}
