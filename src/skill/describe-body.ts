import { headLines } from "./head-lines.ts";

const longestDescription = 300;
const searchedLines = 200;

/** A skill's text says best itself what it is for: its first paragraph, or else its first heading. */
export function describeBody(text: string, bodyStart: number): string {
  let heading = "";
  const paragraph: string[] = [];
  let isCode = false;
  let count = 0;
  for (const { text: line } of headLines(text, bodyStart)) {
    if (++count > searchedLines) break;
    if (/^\s*(?:```|~~~)/.test(line)) isCode = !isCode;
    const title = isCode ? undefined : /^#{1,6}\s+(.*)$/.exec(line)?.[1];
    if (!isCode && title === undefined && isProse(line)) paragraph.push(line.trim());
    else if (paragraph.length > 0) break;
    heading ||= title?.trim() ?? "";
  }
  return shorten(paragraph.join(" ") || heading);
}

/** No list, table, quotation, code, ruler or HTML, and no lead-in to one of them. */
function isProse(line: string): boolean {
  return (
    /^[^\s<>|`~-]/.test(line) &&
    !/^(?:[*+]\s|\d+[.)]\s|[*_=]{3,}\s*$)/.test(line) &&
    !/[:：]\**\s*$/.test(line)
  );
}

/** Cut between words; a cut is shown. */
function shorten(text: string): string {
  if (text.length <= longestDescription) return text;
  const cut = text.slice(0, longestDescription);
  const end = Math.max(cut.lastIndexOf(" "), longestDescription / 2);
  return `${cut.slice(0, end).replace(/[\ud800-\udbff]$/, "")}…`;
}
