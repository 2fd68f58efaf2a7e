import { browserSettings } from "./browser-settings.ts";
import { dockerSettings } from "./docker-settings.ts";
import { pruneSettings } from "./prune-settings.ts";
import { sandboxSettings } from "./sandbox-settings.ts";
import type { AnySetting } from "./setting.ts";

/** One table of settings, and where it stands in `sandbox`. */
export interface Section {
  /** Null: in `sandbox` itself. */
  readonly key: string | null;
  readonly doc: string;
  /** By the names of the fields in the effective settings. */
  readonly settings: Readonly<Record<string, AnySetting>>;
}

/** Every setting of a sandbox: parser, schema, reference page and listings are made from this. */
export const sections: readonly Section[] = [
  { key: null, doc: "Which sessions have a sandbox, and what it sees.", settings: tableOf(sandboxSettings) },
  { key: "docker", doc: "The container.", settings: tableOf(dockerSettings) },
  { key: "browser", doc: "A browser beside the sandbox.", settings: tableOf(browserSettings) },
  { key: "prune", doc: "When containers go by themselves.", settings: tableOf(pruneSettings) },
];

/** Rows without the types of their values. */
function tableOf(table: object): Readonly<Record<string, AnySetting>> {
  return table as Readonly<Record<string, AnySetting>>;
}
