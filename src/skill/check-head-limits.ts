import type { Findings } from "./findings.ts";

/**
 * Limits on a head before any parser sees it. Real heads have at most about 2,000 characters; parsers need seconds, or
 * the whole stack, for what lies far beyond these.
 */
const longestHead = 32_768;
const mostLines = 4_000;
const mostParts = 8_000;
export const deepestHead = 64;

/**
 * Reports at most one error; false if the text must not be parsed. `offsetOf` turns an index of the text into an
 * offset in the file.
 */
export function checkHeadLimits(
  head: string,
  offsetOf: (index: number) => number,
  findings: Findings,
): boolean {
  if (head.length > longestHead) {
    findings.error(
      "SKILL_HEAD_TOO_LARGE",
      offsetOf(0),
      `The head is ${head.length} characters long; at most ${longestHead} are read.`,
      "Keep the head to the skill's fields and move everything else into the body.",
    );
    return false;
  }
  const control = /[^\P{Cc}\t\n\r\u{80}-\u{9f}]/u.exec(head);
  if (control !== null) {
    const point = (control[0].codePointAt(0) ?? 0).toString(16).padStart(4, "0");
    findings.error(
      "SKILL_CONTROL_CHARACTER",
      offsetOf(control.index),
      `The head holds the control character U+${point}.`,
      "Remove it.",
    );
    return false;
  }
  const excess = findExcess(head);
  if (excess === null) return true;
  reportExcess(excess.limit, offsetOf(excess.index), findings);
  return false;
}

function reportExcess(limit: string, offset: number, findings: Findings): void {
  findings.error(
    "SKILL_HEAD_TOO_COMPLEX",
    offset,
    `The head has more than ${limit}.`,
    "Keep the head to the skill's fields.",
  );
}

/** For depths that only show once a parser has read the indentation. */
export function reportDepth(offset: number, findings: Findings): void {
  reportExcess(`${deepestHead} levels`, offset, findings);
}

/** Counts brackets, commas and lines wherever they stand: inside quotes too, where real heads have few. */
function findExcess(head: string): { index: number; limit: string } | null {
  let depth = 0;
  let lines = 0;
  let parts = 0;
  let dashes = 0;
  for (let index = 0; index < head.length; index++) {
    switch (head.charCodeAt(index)) {
      case 0x0a: // line feed
        dashes = 0;
        if (++lines > mostLines) return { index, limit: `${mostLines} lines` };
        break;
      case 0x5b: // [
      case 0x7b: // {
        parts++;
        if (++depth > deepestHead) return { index, limit: `${deepestHead} levels` };
        break;
      case 0x5d: // ]
      case 0x7d: // }
        parts++;
        depth = Math.max(depth - 1, 0);
        break;
      case 0x2c: // comma
        parts++;
        break;
      case 0x2d: // - and ? open a level each when a space follows
      case 0x3f:
        if (isSpace(head.charCodeAt(index + 1)) && ++dashes > deepestHead) {
          return { index, limit: `${deepestHead} levels` };
        }
        break;
    }
    if (parts > mostParts) return { index, limit: `${mostParts} brackets and commas` };
  }
  return null;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || Number.isNaN(code);
}
