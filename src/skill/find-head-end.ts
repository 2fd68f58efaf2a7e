import type { Findings } from "./findings.ts";
import { headLines, keyLine } from "./head-lines.ts";

/**
 * Where a head ends that no fence closes: at the first line that cannot belong to one. Keys, what is indented below
 * them, list items, closing brackets and comments can; after a blank line only a key, or what a block that is still
 * open holds. Comments and blank lines directly above the end are the body's: a heading looks like a comment.
 */
export function findHeadEnd(text: string, start: number, limit: number): number {
  let end = start;
  const seen: Seen = { last: "", blank: false, heading: false };
  for (const line of headLines(text, start, Math.min(limit, start + searchedLength))) {
    if (line.text.startsWith("---")) return line.start;
    if (line.text.trim() === "") seen.blank = true;
    else if (line.text.startsWith("#")) seen.heading ||= seen.blank;
    else if (belongsToHead(line.text, seen)) {
      Object.assign(seen, { last: line.text, blank: false, heading: false });
      end = line.next;
    } else return end;
  }
  return end === start || end === start + searchedLength ? limit : end;
}

/** Further on no head is read, whatever its end. */
const searchedLength = 65_536;

/** The last line that belongs to the head, and what came after it. */
interface Seen {
  last: string;
  blank: boolean;
  /** A comment below a blank line. */
  heading: boolean;
}

function belongsToHead(line: string, seen: Seen): boolean {
  if (seen.heading) return smallKeyLine.test(line);
  if (keyLine.test(line)) return true;
  return /^(?:\s|- |[}\]])/.test(line) && (!seen.blank || openBlock.test(seen.last));
}

/** Labels in a text are written with a capital letter, keys seldom. */
const smallKeyLine = /^[a-z][\w-]*:(?=\s|$)/;

/** Indented, or a key whose value is still to come. */
const openBlock = /^\s|:\s*$/;

export function reportMissingClosing(end: number, findings: Findings): void {
  findings.warning(
    "SKILL_FENCE_CLOSE_MISSING",
    end,
    "The head is not closed; it was read up to here.",
    'Put a line "---" here, above the body.',
  );
}
