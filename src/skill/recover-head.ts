import { quoteValue } from "../diagnostic/quote-value.ts";
import { balanceBrackets } from "./balance-brackets.ts";
import { findHeadEnd, reportMissingClosing } from "./find-head-end.ts";
import type { Findings } from "./findings.ts";
import { headKeyLine, headLines, keyLine } from "./head-lines.ts";
import { addEntry, emptyMap, type HeadMap, type HeadNode } from "./head-node.ts";
import type { HeadSpan } from "./locate-head.ts";
import { parseYaml, reportYamlFault, type YamlFault, type YamlText, yamlNodes } from "./read-yaml.ts";
import { type HeadChunk, recoverEntry } from "./recover-entry.ts";

/** Beyond this many faults a text is not a head with a slip but something else. */
const mostFaults = 200;

/**
 * A head that YAML refuses → what it certainly says. Each key with its lines is read by itself, so that one broken
 * value costs no other; every repair leaves a warning, and what stays unreadable an error.
 */
export function recoverHead(span: HeadSpan, yaml: YamlText, findings: Findings): HeadNode | null {
  const [first] = yaml.faults;
  if (first === undefined) return yamlNodes(yaml, findings);
  if (first.code === "MULTIPLE_DOCS") return reportDocuments(first, findings);
  if (yaml.faults.length > mostFaults) return reportYamlFault(first, findings);

  const end = endBeforeBody(span, findings);
  const text = silenceConflictMarks(span, findings);
  const whole = parseYaml(text.slice(span.start, end), span.start);
  if (whole.faults.length === 0) return yamlNodes(whole, findings);

  const root = emptyMap(span.start);
  for (const chunk of splitHead(text, span.start, end, findings)) readChunk(text, chunk, root, findings);
  return root;
}

function reportDocuments(fault: YamlFault, findings: Findings): null {
  findings.error(
    "SKILL_HEAD_DOCUMENTS",
    fault.offset,
    "The head holds a second YAML document.",
    "Keep one: join the two, or remove one.",
  );
  return null;
}

/** The fence found may be a ruler in the body of a file whose own fence is missing: then the head ends in a blank. */
function endBeforeBody(span: HeadSpan, findings: Findings): number {
  const end = findHeadEnd(findings.text, span.start, span.end);
  if (!/^\s/.test(findings.text.slice(end, span.end))) return span.end;
  for (const line of headLines(findings.text, end, span.end))
    if (headKeyLine.test(line.text)) return span.end;
  const hasBody = findings.text.slice(end, span.end).trim() !== "";
  if (hasBody) reportMissingClosing(end, findings);
  return hasBody ? end : span.end;
}

const conflictMark = /^(?:<{7}|\|{7}|={7}|>{7})(?=\s|$)/gm;

/** Turns the marks of a merge into comments of equal length; keys that both sides have are reported as duplicates. */
function silenceConflictMarks(span: HeadSpan, findings: Findings): string {
  const head = findings.text.slice(span.start, span.end);
  const first = /^<{7}(?=\s|$)/m.exec(head);
  if (first === null) return findings.text;
  findings.warning(
    "SKILL_HEAD_CONFLICT",
    span.start + first.index,
    "The head has the marks of an unresolved merge; both sides were read.",
    "Resolve the merge.",
  );
  const silenced = head.replace(conflictMark, "#######");
  return findings.text.slice(0, span.start) + silenced + findings.text.slice(span.end);
}

function splitHead(text: string, start: number, end: number, findings: Findings): HeadChunk[] {
  const chunks: HeadChunk[] = [];
  let bracketsEnd = start;
  for (const line of headLines(text, start, end)) {
    const match = line.start < bracketsEnd ? null : keyLine.exec(line.text);
    const last = chunks.at(-1);
    if (match !== null) {
      const key = match[1] ?? match[2] ?? match[3] ?? "";
      const valueStart = line.start + match[0].length;
      chunks.push({ key, keyOffset: line.start, valueStart, end: line.next });
      bracketsEnd = endOfBrackets(text.slice(valueStart, end)) + valueStart;
    } else if (last !== undefined) {
      chunks[chunks.length - 1] = { ...last, end: line.next };
    } else if (line.text.trim() !== "" && !line.text.startsWith("#")) {
      findings.error(
        "SKILL_YAML_INVALID",
        line.start,
        `${quoteValue(line.text)} stands above the first key and says nothing that can be used.`,
        'Write "key: value", or remove the line.',
      );
    }
  }
  return chunks;
}

/** Keys in the first column belong to the brackets around them, if those are closed at all. */
function endOfBrackets(value: string): number {
  if (!/^\s*[{[]/.test(value)) return 0;
  const { end, missing, isCrossed } = balanceBrackets(value, 0);
  return missing === "" && !isCrossed ? end : 0;
}

function readChunk(text: string, chunk: HeadChunk, root: HeadMap, findings: Findings): void {
  const yaml = parseYaml(text.slice(chunk.keyOffset, chunk.end), chunk.keyOffset);
  if (yaml.faults.length > 0) {
    const value = recoverEntry(text, chunk, yaml, findings);
    if (value !== null) addEntry(root, chunk.key, { keyOffset: chunk.keyOffset, value }, findings);
    return;
  }
  const node = yamlNodes(yaml, findings);
  if (node.type !== "map") return;
  for (const [key, entry] of node.entries) addEntry(root, key, entry, findings);
}
