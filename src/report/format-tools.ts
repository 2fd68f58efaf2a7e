import type { Session } from "../config/session/session.ts";
import type { ToolDecision } from "../config/tools/decide-tool.ts";
import type { ToolLine } from "../config/tools/describe-tool-decision.ts";
import { knownTools, operatorCommands } from "../config/tools/known-tools.ts";
import { escapeText, quoteValue } from "../diagnostic/quote-value.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** A row for each tool: whether the session may use it, and if not, which keys block it. */
export function formatTools(session: Session, decisions: readonly ToolDecision[], style: Style): string {
  const known = new Map(knownTools.map((tool) => [tool.name, tool]));
  const table = formatTable(
    [{ title: "tool" }, { title: "" }, { title: "by", flexible: true }, { title: "instead of the command" }],
    decisions.map(({ tool, allowed, blockedBy }) => [
      { text: escapeText(tool), paint: style.bold },
      allowed ? { text: "allowed", paint: style.green } : { text: "blocked", paint: style.red },
      blockedBy.map(({ key }) => key).join(", "),
      known.get(tool)?.insteadOf ?? "",
    ]),
    style,
  );
  return [
    style.bold(`${quoteValue(session.key)} is ${session.sandboxed ? "sandboxed" : "not sandboxed"}`),
    ...session.why.map((sentence) => `  ${sentence}`),
    "",
    table,
    "",
    `Inside a sandbox an agent uses tools, not commands. For operators only: ${operatorCommands.join(", ")}.`,
    "What would let one pass: skillcrate tools --tool NAME",
  ].join("\n");
}

/** Headings, and below each its lines, indented. */
export function formatToolDecision(lines: readonly ToolLine[], style: Style): string {
  return lines.map(({ kind, text }) => (kind === "heading" ? style.bold(text) : `  ${text}`)).join("\n");
}
