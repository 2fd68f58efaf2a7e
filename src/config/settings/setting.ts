import type { ConfigGround } from "../config-document.ts";
import type { Kind } from "../kinds/kind.ts";
import type { OriginRule, Sourced, SourcedList, SourcedMap } from "../sandbox-config.ts";

/** A row of a table: how a setting is called, read, merged, and what it is where nobody has written it. */
interface SettingRow {
  /** As it is written in its section. */
  readonly key: string;
  /** One line for people. */
  readonly doc: string;
}

/** The agent's own value replaces that of all agents. */
export interface PlainSetting<T> extends SettingRow {
  readonly merge: "replace";
  readonly kind: Kind<T>;
  readonly unset: UnsetValue<T>;
  readonly oldForm?: OldForm<T>;
}

/** What a setting is where nobody has written it. */
export type UnsetValue<T> =
  | { readonly rule: Exclude<OriginRule, "agent" | "defaults" | "derived">; readonly value: T }
  | { readonly rule: "derived"; readonly words: string; readonly derive: (from: DeriveFrom) => T };

export interface DeriveFrom {
  readonly ground: ConfigGround;
  /** The values of settings that stand above in the section's table, by their names. */
  readonly earlier: Readonly<Record<string, unknown>>;
}

/** How the setting was written before. */
export interface OldForm<T> {
  readonly key: string;
  readonly kind: Kind<unknown>;
  readonly convert: (value: unknown) => T;
  readonly doc: string;
}

/** Values under names: the agent's own and those of all agents together, name by name. */
export interface NamedSetting<T> extends SettingRow {
  readonly merge: "by name";
  readonly item: Kind<T>;
  /** What a name may be, for messages. */
  readonly names: { readonly expected: string; readonly pattern: RegExp };
  readonly unset: Readonly<Record<string, { readonly rule: "reference" | "safe"; readonly value: T }>>;
}

/** A list: that of all agents, then the agent's own. */
export interface JoinedSetting<T> extends SettingRow {
  readonly merge: "append";
  readonly item: Kind<T>;
  /** Where nobody has written it: an empty list, or null, since something else then stands in. */
  readonly unset: readonly [] | null;
}

export type AnySetting = PlainSetting<unknown> | NamedSetting<unknown> | JoinedSetting<unknown>;

/** The row that belongs to a field of the effective settings. */
export type SettingOf<Field> =
  Field extends SourcedMap<infer T>
    ? NamedSetting<T>
    : Field extends SourcedList<infer T>
      ? JoinedSetting<T>
      : Field extends Sourced<infer T>
        ? PlainSetting<T>
        : never;

/** One row for each field. */
export type SettingsTable<Section> = { readonly [Field in keyof Section]: SettingOf<Section[Field]> };
