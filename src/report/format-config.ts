import type { ListedSetting } from "../config/list-settings.ts";
import { placeOfOrigin } from "../config/problem.ts";
import { escapeText } from "../diagnostic/quote-value.ts";
import { formatCount } from "./format-count.ts";
import { formatPath, formatPlace } from "./format-place.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** What `config check` has looked at. */
export interface ConfigCheck {
  readonly file: string;
  readonly agents: readonly string[];
  readonly errors: number;
  readonly warnings: number;
}

/** One line: how it went, and for which agents. */
export function formatConfigCheck(check: ConfigCheck, style: Style, cwd: string): string {
  const { file, agents, errors, warnings } = check;
  const verdict =
    errors > 0
      ? style.red(`${formatCount(errors, "problem")} must be corrected`)
      : style.green("the sandbox settings can be used");
  const findings = warnings === 0 ? "" : `, ${formatCount(warnings, "warning")}`;
  return `${formatPath(file, cwd)}: ${verdict}${findings} (${agents.length === 1 ? "agent" : "agents"} ${escapeText(agents.join(", "))})`;
}

/** A row for each setting: its value, and where it is from. */
export function formatSettings(settings: readonly ListedSetting[], style: Style, cwd: string): string {
  return formatTable(
    [{ title: "setting" }, { title: "value", flexible: true }, { title: "from", flexible: true }],
    settings.map((setting) => [
      { text: escapeText(setting.key), paint: style.bold },
      formatValue(setting.value),
      { text: formatOrigin(setting, cwd), ...(setting.origin.file === null ? { paint: style.dim } : {}) },
    ]),
    style,
  );
}

function formatValue(value: unknown): string {
  if (value === null) return "–";
  if (Array.isArray(value)) return value.length === 0 ? "none" : escapeText(value.join(", "));
  return escapeText(String(value));
}

function formatOrigin({ origin, why }: ListedSetting, cwd: string): string {
  if (origin.file === null) return why;
  const place = placeOfOrigin(origin);
  return `${place === null ? formatPath(origin.file, cwd) : formatPlace(place, cwd)} ${escapeText(origin.key)}`;
}
