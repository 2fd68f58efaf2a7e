import { escapeText } from "../diagnostic/quote-value.ts";
import { formatHint } from "./format-diagnostic.ts";
import type { Style } from "./style.ts";

interface Check {
  readonly name: string;
  readonly status: "ok" | "warning" | "problem" | "unknown";
  readonly detail: string;
  readonly fix: string | null;
}

/** A line for each check, and below those that are not well what to do. */
export function formatChecks(checks: readonly Check[], style: Style): string {
  const signs = {
    ok: style.green("✓"),
    warning: style.yellow("!"),
    problem: style.red("✗"),
    unknown: style.dim("?"),
  };
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .flatMap(({ name, status, detail, fix }) => [
      `${signs[status]} ${style.bold(escapeText(name).padEnd(width))}  ${detail.split("\n").map(escapeText).join("\n")}`,
      ...(fix === null ? [] : formatHint(fix, style)),
    ])
    .join("\n");
}
