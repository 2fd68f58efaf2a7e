import { escapeText } from "../diagnostic/quote-value.ts";
import type { LibraryFacts } from "../engine/image-facts.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** A row for each library that was imported, and how many of them could be; empty where there was none. */
export function formatLibraryFacts(libraries: readonly LibraryFacts[], style: Style): string {
  if (libraries.length === 0) return "";
  const table = formatTable(
    [{ title: "" }, { title: "library" }, { title: "language" }, { title: "answer", flexible: true }],
    libraries.map(({ ok, name, language, version, problem }) => [
      ok ? { text: "✓", paint: style.green } : { text: "✗", paint: style.red },
      { text: escapeText(name), paint: style.bold },
      language,
      escapeText(problem ?? version ?? "imported"),
    ]),
    style,
  );
  const working = libraries.filter(({ ok }) => ok).length;
  return `${table}\n\n${working} of ${libraries.length} can be imported`;
}
