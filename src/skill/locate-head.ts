import { quoteValue } from "../diagnostic/quote-value.ts";
import { findHeadEnd, reportMissingClosing } from "./find-head-end.ts";
import type { Findings } from "./findings.ts";
import { headKeyLine, headLines, type Line } from "./head-lines.ts";

/** Where a file's parts are: the head's YAML is `[start, end)`, the body begins at `bodyStart`. */
export interface HeadSpan {
  readonly start: number;
  readonly end: number;
  readonly bodyStart: number;
}

/** `refused`: there is a head, and an error says why it is not read. */
export type LocatedHead =
  | { readonly state: "found"; readonly span: HeadSpan }
  | { readonly state: "missing" | "refused"; readonly bodyStart: number };

/** Finds the head between its fences, or by its shape where a fence is damaged or missing. */
export function locateHead(findings: Findings): LocatedHead {
  const { text } = findings;
  const opening = findOpening(findings);
  if (opening === null) return { state: "missing", bodyStart: 0 };
  if (opening === "refused") return { state: "refused", bodyStart: 0 };
  const span = findClosing(text, opening, findings);
  reportSecondDocument(span, findings);
  return { state: "found", span };
}

/** The offset at which the YAML starts. */
function findOpening(findings: Findings): number | null | "refused" {
  const { text } = findings;
  const [first, second] = headLines(text, 0);
  if (first === undefined) return null;
  if (first.text.startsWith("---")) {
    const rest = first.text.slice(3).trim();
    if (rest === "" || rest.startsWith("#") || /^ya?ml$/i.test(rest)) return first.next;
    if (/^-+$/.test(rest)) return headKeyLine.test(second?.text ?? "") ? longOpening(first, findings) : null;
    return refuseLanguage(first.start + 3, rest, findings);
  }
  if (first.text.trimEnd() === "+++") return refuseLanguage(first.start, "+++", findings);
  return findLateOpening(findings) ?? findBareOpening(findings);
}

function longOpening(fence: Line, findings: Findings): number {
  findings.warning(
    "SKILL_FENCE_OPEN_MALFORMED",
    fence.start,
    "The head is opened by more than three dashes.",
    "Write exactly three dashes.",
  );
  return fence.next;
}

function refuseLanguage(offset: number, language: string, findings: Findings): "refused" {
  findings.error(
    "SKILL_HEAD_LANGUAGE",
    offset,
    `The head is marked as ${quoteValue(language)}; only YAML is read, and nothing in it is ever run.`,
    "Write the head as YAML between two lines of three dashes.",
  );
  return "refused";
}

const searchedLines = 40;
const searchedLength = 4_000;

/**
 * A head below a comment or a remark: three dashes directly above a key that only heads have, and closed again. One that
 * a block of code shows is an example, unless the file begins with it.
 */
function findLateOpening(findings: Findings): number | null {
  const { text } = findings;
  let fence: Line | null = null;
  let isCode = false;
  let count = 0;
  for (const line of headLines(text, 0)) {
    if (/^(?:```|~~~)/.test(line.text) && text.slice(0, line.start).trim() !== "") isCode = !isCode;
    if (fence !== null && headKeyLine.test(line.text) && text.includes("\n---", line.start)) {
      findings.warning(
        "SKILL_HEAD_LATE",
        fence.start,
        "The head does not start on the first line; other readers see no head at all.",
        "Move it to the top of the file.",
      );
      return line.start;
    }
    fence = !isCode && /^---[ \t]*$/.test(line.text) ? line : null;
    if (++count > searchedLines) return null;
  }
  return null;
}

/** A head without an opening fence: the first line, blank lines and comments aside, is a key that only heads have. */
function findBareOpening(findings: Findings): number | null {
  let count = 0;
  let afterComment = false;
  for (const line of headLines(findings.text, 0)) {
    if (headKeyLine.test(line.text) && (!afterComment || line.text.startsWith("name"))) {
      findings.warning(
        "SKILL_FENCE_OPEN_MISSING",
        line.start,
        "The head is not opened by a line of three dashes.",
        'Put a line "---" above it.',
      );
      return line.start;
    }
    if (line.text.startsWith("#")) afterComment = true;
    else if (line.text.trim() !== "") return null;
    if (++count > searchedLines) return null;
  }
  return null;
}

function findClosing(text: string, start: number, findings: Findings): HeadSpan {
  const fence = closingFence(text, start);
  if (fence !== null) {
    const rest = text.slice(fence, lineEnd(text, fence)).slice(3);
    if (rest.trim() === "") return { start, end: fence, bodyStart: nextLine(text, fence) };
    reportMalformedClosing(fence, findings);
    const isLonger = /^-+\s*$/.test(rest);
    return { start, end: fence, bodyStart: isLonger ? nextLine(text, fence) : fence + 3 };
  }
  const indented = /^[ \t]+---[ \t]*\r?$/m.exec(text.slice(start));
  if (indented !== null) {
    const at = start + indented.index;
    reportMalformedClosing(at + indented[0].indexOf("-"), findings);
    return { start, end: at, bodyStart: nextLine(text, at) };
  }
  const end = findHeadEnd(text, start, text.length);
  reportMissingClosing(end, findings);
  return { start, end, bodyStart: end };
}

function closingFence(text: string, start: number): number | null {
  if (text.startsWith("---", start)) return start;
  const feed = text.indexOf("\n---", start);
  return feed === -1 ? null : feed + 1;
}

function reportMalformedClosing(offset: number, findings: Findings): void {
  findings.warning(
    "SKILL_FENCE_CLOSE_MALFORMED",
    offset,
    "The head is closed by a line that is not exactly three dashes.",
    "Write three dashes at the start of a line of their own.",
  );
}

/** `name: a`, `---`, `name: b`, `---`: which of the two is the head is not for us to choose. */
function reportSecondDocument(span: HeadSpan, findings: Findings): void {
  const { text } = findings;
  for (const line of headLines(text, span.bodyStart, span.bodyStart + searchedLength)) {
    if (line.text.trim() === "") continue;
    if (!headKeyLine.test(line.text)) return;
    const end = findHeadEnd(text, line.start, text.length);
    if (!text.startsWith("---", end)) return;
    findings.error(
      "SKILL_HEAD_DOCUMENTS",
      line.start,
      "A second head follows the first one.",
      "Keep one head: join the two, or remove one.",
    );
    return;
  }
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  return feed === -1 ? text.length : feed;
}

function nextLine(text: string, from: number): number {
  return Math.min(lineEnd(text, from) + 1, text.length);
}
