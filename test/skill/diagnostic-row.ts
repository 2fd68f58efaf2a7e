import type { DiagnosticCode } from "../../src/diagnostic/codes.ts";
import type { Skill } from "../../src/skill/skill.ts";

/** A file and every diagnostic it gets, one of which the row is about. */
export interface DiagnosticRow {
  readonly code: DiagnosticCode;
  readonly when: string;
  readonly source: string | Uint8Array;
  /** All diagnostics of the file. */
  readonly shown: readonly string[];
  readonly skill?: Partial<Skill> | Record<string, unknown>;
}

/** Lines of a head that say what a namespace, its `requires` or its `install` holds. */
export const openclaw = (fields: string) => `metadata: {"openclaw":{${fields}}}`;
export const requires = (fields: string) => openclaw(`"requires":{${fields}}`);
export const install = (...entries: readonly string[]) => openclaw(`"install":[${entries.join(",")}]`);

/** The requirements of a skill that needs jq. */
export const jq = { bins: ["jq"], anyBins: [], env: [], config: [] };
