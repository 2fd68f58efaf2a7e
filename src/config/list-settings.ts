import { looksSecret } from "./looks-secret.ts";
import { type Origin, originRules, type SandboxConfig, type Sourced } from "./sandbox-config.ts";
import { type Section, sections } from "./settings/sections.ts";
import type { AnySetting } from "./settings/setting.ts";

/** One effective value as it may be shown to anybody. */
export interface ListedSetting {
  /** Below `sandbox`: `docker.memory`, `docker.env.LANG`, `docker.binds.0`. */
  readonly key: string;
  /** As one would write it; {@link hiddenValue} in place of what may be a secret; null: nothing is set. */
  readonly value: unknown;
  readonly origin: Origin;
  /** Why it is what it is, for people. */
  readonly why: string;
}

/** Stands for a value that is set and not shown. */
export const hiddenValue = "[hidden]";

/** Every effective value of an agent's sandboxes in the order of the reference page, without secrets. */
export function listSettings(config: SandboxConfig): readonly ListedSetting[] {
  const workspace = listed("workspace", config.agentWorkspace, (value) => value);
  return [workspace, ...sections.flatMap((section) => listSection(section, fieldsOf(config, section)))];
}

/** The fields of the effective settings that a section's table has rows for. */
function fieldsOf(config: SandboxConfig, { key }: Section): Readonly<Record<string, unknown>> {
  const fields = config as unknown as Readonly<Record<string, unknown>>;
  return key === null ? fields : (fields[key] as Readonly<Record<string, unknown>>);
}

function listSection(
  { key, settings }: Section,
  fields: Readonly<Record<string, unknown>>,
): readonly ListedSetting[] {
  return Object.entries(settings).flatMap(([name, setting]) => {
    const path = key === null ? setting.key : `${key}.${setting.key}`;
    return listSetting(path, setting, fields[name]);
  });
}

function listSetting(path: string, setting: AnySetting, field: unknown): readonly ListedSetting[] {
  if (setting.merge === "replace") {
    const { kind } = setting;
    return [listed(path, field as Sourced<unknown>, kind.isPrivate ? hide : kind.print)];
  }
  if (setting.merge === "append") {
    const list = field as readonly Sourced<unknown>[] | null;
    return (list ?? []).map((item, index) => listed(`${path}.${index}`, item, setting.item.print));
  }
  const map = field as ReadonlyMap<string, Sourced<unknown>>;
  return [...map].map(([name, item]) =>
    listed(`${path}.${name}`, item, (value) =>
      setting.item.isPrivate && !isHarmless(name, value) ? hiddenValue : setting.item.print(value),
    ),
  );
}

function listed(
  key: string,
  { value, origin }: Sourced<unknown>,
  show: (value: unknown) => unknown,
): ListedSetting {
  return { key, value: show(value), origin, why: originRules[origin.rule] };
}

function hide(value: unknown): unknown {
  return value === null || (Array.isArray(value) && value.length === 0) ? value : hiddenValue;
}

/** Variables that say where something is, in which language, or yes and no; all else may be a secret of any name. */
function isHarmless(name: string, value: unknown): boolean {
  if (typeof value !== "string" || looksSecret(name, value)) return false;
  if (/^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLORTERM|EDITOR|PAGER)$/.test(name)) return value.length <= 40;
  if (/^(?:|0|1|[0-9]{1,5}|true|false|yes|no|on|off)$/i.test(value)) return true;
  if (/^\/[\w./@+-]{0,200}$/.test(value)) return true;
  return /^(?:https?|wss?):\/\/[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?\/?$/.test(value);
}
