import type { Findings } from "./findings.ts";
import { headLines, keyLine } from "./head-lines.ts";

/**
 * Where a head ends that no fence closes: at the first line that cannot belong to one. Keys, what is indented below
 * them, list items, closing brackets and comments can. Comments and blank lines directly above the end are the body's
 * (a heading looks like a comment), and after a blank line only a key goes on, or what an open block is still about.
 */
export function findHeadEnd(text: string, start: number, limit: number): number {
  let end = start;
  let last = "";
  let isOpen = true;
  for (const line of headLines(text, start, limit)) {
    const isBlank = line.text.trim() === "";
    if (isBlank || line.text.startsWith("#")) {
      if (isBlank) isOpen &&= /^\s|:\s*$/.test(last); // indented, or a key whose value is still to come
    } else if (keyLine.test(line.text) || (isOpen && /^(?:\s|- |[}\]])/.test(line.text))) {
      isOpen = true;
      last = line.text;
      end = line.next;
    } else {
      return line.text.startsWith("---") ? line.start : end;
    }
  }
  return end === start ? limit : end;
}

export function reportMissingClosing(end: number, findings: Findings): void {
  findings.warning(
    "SKILL_FENCE_CLOSE_MISSING",
    end,
    "The head is not closed; it was read up to here.",
    'Put a line "---" here, above the body.',
  );
}
