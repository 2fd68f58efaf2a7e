import { diagnosticCodes } from "../../diagnostic/codes.ts";
import { compareText } from "../../diagnostic/compare-text.ts";
import { errorCodes } from "../../diagnostic/error-codes.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { formatTable } from "../../report/format-table.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { codesOptions } from "../command-options.ts";

interface CodeRow {
  readonly code: string;
  /** `diagnostic`: a problem in the input · `error`: an operation that failed. */
  readonly kind: "diagnostic" | "error";
  readonly meaning: string;
}

/** Lists the catalogue of codes, or the one that is asked for. */
export async function codes({ args }: CommandContext<typeof codesOptions>): Promise<CommandOutput> {
  const [wanted] = args;
  const rows = allCodes().filter((row) => wanted === undefined || row.code === wanted.toUpperCase());
  if (wanted !== undefined && rows.length === 0) {
    throw new SkillcrateError("USAGE", `There is no code ${quoteValue(wanted)}.`, {
      hint: "skillcrate codes",
    });
  }
  return {
    outcome: "ok",
    diagnostics: [],
    result: { codes: rows },
    text: (style) =>
      formatTable(
        [{ title: "code" }, { title: "kind" }, { title: "meaning" }],
        rows.map((row) => [{ text: row.code, paint: style.bold }, row.kind, row.meaning]),
        style,
      ),
  };
}

function allCodes(): CodeRow[] {
  const rows = [
    ...Object.entries(diagnosticCodes).map(([code, meaning]) => ({
      code,
      kind: "diagnostic" as const,
      meaning,
    })),
    ...Object.entries(errorCodes).map(([code, meaning]) => ({ code, kind: "error" as const, meaning })),
  ];
  return rows.sort((left, right) => compareText(left.code, right.code));
}
