import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { asObject } from "../skill/own-value.ts";
import type { ConfigDocument } from "./config-document.ts";
import type { Fault, Kind } from "./kinds/kind.ts";
import { longestList } from "./kinds/list-kind.ts";
import { problemAt } from "./problem.ts";
import type { Origin, OriginRule, Sourced, SourcedList, SourcedMap } from "./sandbox-config.ts";
import { formatKeyPath, type KeyPath } from "./session/key-path.ts";
import type { Section } from "./settings/sections.ts";
import type { JoinedSetting, NamedSetting, PlainSetting } from "./settings/setting.ts";
import { repeatedKeys, type SettingsLevel, sectionPath } from "./settings-level.ts";
import { writtenOrigin } from "./written-origin.ts";

type Field = Sourced<unknown> | SourcedMap<unknown> | SourcedList<unknown> | null;

export interface MergedSection {
  /** By the names of the table's rows. */
  readonly fields: Readonly<Record<string, Field>>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The effective settings of one section: each row of its table merged over the levels, the weakest level first. What is
 * not taken is reported and counts as not written.
 */
export function mergeSection(
  document: ConfigDocument,
  section: Section,
  levels: readonly SettingsLevel[],
): MergedSection {
  const diagnostics: Diagnostic[] = [];
  const fields: Record<string, Field> = {};
  const reader: Reader = {
    document,
    section,
    levels: levels.map((level) => ({ rule: level.rule, path: sectionPath(level, section) })),
    earlier: fields,
    report: (problem) => diagnostics.push(problem),
  };
  for (const [name, setting] of Object.entries(section.settings)) {
    if (setting.merge === "replace") fields[name] = mergePlain(setting, reader);
    else
      fields[name] = setting.merge === "by name" ? mergeNamed(setting, reader) : joinLists(setting, reader);
  }
  return { fields, diagnostics };
}

interface Reader {
  readonly document: ConfigDocument;
  readonly section: Section;
  /** With the path of the section; the weakest first. */
  readonly levels: readonly SettingsLevel[];
  readonly earlier: Readonly<Record<string, Field>>;
  report(problem: Diagnostic): void;
}

function mergePlain(setting: PlainSetting<unknown>, reader: Reader): Sourced<unknown> {
  const written = reader.levels.map((level) => readPlain(setting, level, reader));
  return written.findLast((found) => found !== null) ?? unsetValue(setting, reader);
}

function readPlain(
  { key, kind, oldForm }: PlainSetting<unknown>,
  level: SettingsLevel,
  reader: Reader,
): Sourced<unknown> | null {
  const own = readAt([...level.path, key], kind, level.rule, reader);
  if (oldForm === undefined) return own;
  const oldPath = [...level.path, oldForm.key];
  const old = readAt(oldPath, oldForm.kind, level.rule, reader);
  if (old === null) return own;
  const isOver = reader.document.valueAt([...level.path, key]) !== undefined;
  const value = oldForm.convert(old.value);
  reader.report(
    problemAt(oldPath, reader.document.placeOf(oldPath), {
      code: "CONFIG_OLD_FORM",
      severity: isOver ? "warning" : "info",
      what: isOver ? `has no effect, since ${quoteValue(key)} stands beside it` : "is an old form",
      hint: isOver ? "Take it out." : `Write ${key}: ${quoteValue(value)}.`,
    }),
  );
  return isOver ? own : { value, origin: old.origin };
}

function unsetValue({ key, unset }: PlainSetting<unknown>, reader: Reader): Sourced<unknown> {
  const { document: ground, earlier } = reader;
  const values = Object.fromEntries(
    Object.entries(earlier).map(([name, field]) => [name, isSourced(field) ? field.value : undefined]),
  );
  const value = unset.rule === "derived" ? unset.derive({ ground, earlier: values }) : unset.value;
  return { value, origin: unsetOrigin([key], unset.rule, reader) };
}

function isSourced(field: Field): field is Sourced<unknown> {
  return field !== null && "origin" in field;
}

function mergeNamed(setting: NamedSetting<unknown>, reader: Reader): SourcedMap<unknown> {
  const { key, item, names, unset } = setting;
  const merged = new Map<string, Sourced<unknown>>(
    Object.entries(unset).map(([name, { value, rule }]) => [
      name,
      { value, origin: unsetOrigin([key, name], rule, reader) },
    ]),
  );
  for (const { path, rule } of reader.levels) {
    for (const name of namesAt([...path, key], reader)) {
      const place = [...path, key, name];
      if (!names.pattern.test(name) || name === "__proto__") reportName(place, names.expected, reader);
      else {
        const found = readAt(place, item, rule, reader);
        if (found !== null) merged.set(name, found);
      }
    }
  }
  return new Map([...merged].sort(([left], [right]) => compareText(left, right)));
}

function namesAt(path: KeyPath, { document, report }: Reader): readonly string[] {
  const written = document.valueAt(path);
  if (written === undefined) return [];
  const map = asObject(written);
  if (map === null) {
    report(misshapen(path, "is not a map of names and values", "Write { NAME: value }.", document));
    return [];
  }
  const names = Object.keys(map);
  if (names.length > longestList) {
    report(misshapen(path, "has too many names", `Write at most ${longestList}.`, document));
    return [];
  }
  for (const problem of repeatedKeys(document, path)) report(problem);
  return names;
}

function reportName(path: KeyPath, expected: string, { document, report }: Reader): void {
  report(
    problemAt(path, document.placeOfKey(path), {
      code: "CONFIG_VALUE_INVALID",
      severity: "error",
      what: `has a name that is not ${expected}`,
      hint: `Write ${expected}.`,
    }),
  );
}

function joinLists(
  { key, item, unset }: JoinedSetting<unknown>,
  reader: Reader,
): SourcedList<unknown> | null {
  const lists = reader.levels.map(({ path, rule }) => {
    const written = reader.document.valueAt([...path, key]);
    if (written === undefined) return null;
    const items = itemsAt([...path, key], written, reader);
    return items.map((_, index) => readAt([...path, key, index], item, rule, reader));
  });
  if (lists.every((list) => list === null)) return unset;
  return lists.flatMap((list) => list ?? []).filter((found) => found !== null);
}

function itemsAt(path: KeyPath, written: unknown, { document, report }: Reader): readonly unknown[] {
  if (!Array.isArray(written)) {
    report(misshapen(path, "is not a list", "Write [ … ].", document));
    return [];
  }
  if (written.length <= longestList) return written;
  report(misshapen(path, "is too long", `Write at most ${longestList} entries.`, document));
  return [];
}

function misshapen(path: KeyPath, what: string, hint: string, document: ConfigDocument): Diagnostic {
  const problem = { code: "CONFIG_VALUE_INVALID", severity: "error", what, hint } as const;
  return problemAt(path, document.placeOf(path), problem);
}

/** Null: nothing is written there, or nothing that is taken. */
function readAt<T>(path: KeyPath, kind: Kind<T>, rule: OriginRule, reader: Reader): Sourced<T> | null {
  const { document } = reader;
  const written = document.valueAt(path);
  if (written === undefined) return null;
  const read = kind.read(written);
  if (read.ok) return { value: read.value, origin: writtenOrigin(document, path, rule) };
  for (const fault of read.faults) reader.report(reportFault(fault, path, kind, document));
  return null;
}

function reportFault(fault: Fault, path: KeyPath, kind: Kind<unknown>, document: ConfigDocument): Diagnostic {
  const place = [...path, ...fault.path];
  const shown = kind.isPrivate ? "not taken" : showWritten(document.valueAt(place));
  return problemAt(place, document.placeOf(place), {
    code: fault.code,
    severity: "error",
    what: `is ${shown}: ${fault.why}`,
    hint: fault.fix,
  });
}

/** Lists and maps may hold anything: they are not shown. */
function showWritten(written: unknown): string {
  if (typeof written === "string") return quoteValue(written);
  if (Array.isArray(written)) return "a list";
  return typeof written === "object" && written !== null ? "a map" : String(written);
}

function unsetOrigin(keys: KeyPath, rule: OriginRule, { section }: Reader): Origin {
  const path = ["agents", "defaults", "sandbox", ...(section.key === null ? [] : [section.key]), ...keys];
  return { file: null, key: formatKeyPath(path), line: null, column: null, rule };
}
