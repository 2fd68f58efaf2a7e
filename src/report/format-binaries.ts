import { escapeText } from "../diagnostic/quote-value.ts";
import type { BinaryFacts } from "../engine/image-facts.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** A row for each binary that was run, and how many of them did. */
export function formatBinaries(binaries: readonly BinaryFacts[], style: Style): string {
  const table = formatTable(
    [{ title: "" }, { title: "binary" }, { title: "path" }, { title: "answer", flexible: true }],
    binaries.map((binary) => [
      binary.ok ? { text: "✓", paint: style.green } : { text: "✗", paint: style.red },
      { text: escapeText(binary.name), paint: style.bold },
      escapeText(binary.path ?? "-"),
      escapeText(binary.problem ?? binary.version ?? "shows its usage"),
    ]),
    style,
  );
  const working = binaries.filter((binary) => binary.ok).length;
  return `${table}\n\n${working} of ${binaries.length} run`;
}
