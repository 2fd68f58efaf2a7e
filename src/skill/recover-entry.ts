import { balanceBrackets } from "./balance-brackets.ts";
import type { Findings } from "./findings.ts";
import { headLines } from "./head-lines.ts";
import type { HeadNode } from "./head-node.ts";
import { findJson5Fault, hasJson5Comment, readJson5, reportJson5 } from "./read-json5.ts";
import { parseYaml, reportYamlFault, type YamlText, yamlNodes } from "./read-yaml.ts";
import { namespaces } from "./skill.ts";
import { misplacedFields, squash } from "./skill-fields.ts";

/** One key in the first column and all lines up to the next one; offsets count in the file. */
export interface HeadChunk {
  readonly key: string;
  readonly keyOffset: number;
  /** Behind the colon. */
  readonly valueStart: number;
  readonly end: number;
}

/** Keys whose values can be requirements: a text in their place would lose them. */
function isStructured(key: string): boolean {
  const word = squash(key);
  const field = misplacedFields.get(word);
  const isText = field === undefined || field === "homepage" || field === "emoji" || field === "skillKey";
  return !isText || word === "metadata" || namespaces.some((name) => name === word);
}

/** The value of one key that YAML cannot read; null, with an error, if it stays unreadable. */
export function recoverEntry(
  text: string,
  chunk: HeadChunk,
  yaml: YamlText,
  findings: Findings,
): HeadNode | null {
  const value = trimmedValue(text, chunk);
  const recovered = /^[{[]/.test(value.text)
    ? (readFlow(value, findings) ?? readBalanced(value, findings))
    : (readWithoutTabs(text, chunk, findings) ??
      readWithColons(text, chunk, findings) ??
      readText(text, chunk, value, findings));
  const [fault] = yaml.faults;
  return recovered ?? (fault === undefined ? null : reportYamlFault(fault, findings));
}

interface ValueText {
  readonly start: number;
  readonly text: string;
}

function trimmedValue(text: string, chunk: HeadChunk): ValueText {
  const raw = text.slice(chunk.valueStart, chunk.end);
  return { start: chunk.valueStart + raw.length - raw.trimStart().length, text: raw.trim() };
}

/** Brackets are complete in themselves: by themselves they are read as JSON5, or as YAML without tabs. */
function readFlow(value: ValueText, findings: Findings): HeadNode | null {
  const yaml = parseYaml(
    value.text.replace(/^[\t ]+/gm, (blanks) => " ".repeat(blanks.length)),
    value.start,
  );
  const isYaml = yaml.faults.length === 0;
  if (findJson5Fault(value.text) === null) {
    if (isYaml && !hasJson5Comment(value.text)) reportIndentation(value, findings);
    else reportJson5(value.start, findings);
    return readJson5(value.text, (index) => value.start + index, findings);
  }
  if (!isYaml) return null;
  reportIndentation(value, findings);
  return yamlNodes(yaml, findings);
}

function reportIndentation(value: ValueText, findings: Findings): void {
  const tab = /^[\t ]*?\t/m.exec(value.text);
  const isTab = tab !== null;
  findings.warning(
    isTab ? "SKILL_TABS" : "SKILL_FLOW_INDENT",
    value.start + (isTab ? tab.index + tab[0].length - 1 : 0),
    isTab ? "Tabs indent lines inside brackets." : "Lines inside brackets are indented too little for YAML.",
    "Indent all lines inside the brackets with spaces.",
  );
}

/** Closing brackets that are missing at the end, or too many there. */
function readBalanced(value: ValueText, findings: Findings): HeadNode | null {
  const { isCrossed, missing, end } = balanceBrackets(value.text, 0);
  const surplus = value.text.slice(end);
  if (isCrossed || !/^[}\]\s]*$/.test(surplus)) return null;
  const yaml = parseYaml(value.text.slice(0, end) + missing, value.start);
  if (yaml.faults.length > 0) return null;
  findings.warning(
    "SKILL_BRACKETS_UNBALANCED",
    value.start + end,
    missing === ""
      ? "The value has more closing brackets than opening ones."
      : `The value ends without ${missing.length === 1 ? "its closing bracket" : `${missing.length} closing brackets`}.`,
    missing === "" ? `Remove "${surplus.trim()}".` : `Add "${missing}" here.`,
  );
  return yamlNodes(yaml, findings);
}

/** Tabs as the only indentation say the same as spaces would; mixed with spaces they could mean anything. */
function readWithoutTabs(text: string, chunk: HeadChunk, findings: Findings): HeadNode | null {
  const source = text.slice(chunk.keyOffset, chunk.end);
  const firstTab = /^\t/m.exec(source);
  if (firstTab === null || /^ +\S/m.test(source)) return null;
  const yaml = parseYaml(
    source.replace(/^\t+/gm, (tabs) => " ".repeat(tabs.length)),
    chunk.keyOffset,
  );
  if (yaml.faults.length > 0) return null;
  findings.warning(
    "SKILL_TABS",
    chunk.keyOffset + firstTab.index,
    "Lines are indented with tabs, which YAML does not allow.",
    "Indent with spaces.",
  );
  const node = yamlNodes(yaml, findings);
  return node.type === "map" ? (node.entries.get(chunk.key)?.value ?? null) : null;
}

const maskedColon = "\u{e000}";
const colonInText = /:(?=[ \t]|\r?$)/gm;

/** Below a key, a text without quotes that holds a colon: to YAML it would be a map on the line of its key. */
function readWithColons(text: string, chunk: HeadChunk, findings: Findings): HeadNode | null {
  const source = text.slice(chunk.keyOffset, chunk.end);
  const masked = source.replace(
    /^( +(?:- +)*[\w-]+: +)(?=[^\s"'{[|>&*!%@`#])(.*)$/gm,
    (_, start: string, value: string) => start + value.replace(colonInText, maskedColon),
  );
  const first = masked.indexOf(maskedColon);
  if (first === -1 || source.includes(maskedColon)) return null;
  const yaml = parseYaml(masked, chunk.keyOffset);
  if (yaml.faults.length > 0) return null;
  reportUnquoted(chunk.keyOffset + first, chunk.key, findings);
  const node = unmask(yamlNodes(yaml, findings));
  return node.type === "map" ? (node.entries.get(chunk.key)?.value ?? null) : null;
}

function unmask(node: HeadNode): HeadNode {
  switch (node.type) {
    case "map":
      for (const entry of node.entries.values()) entry.value = unmask(entry.value);
      return node;
    case "list":
      return { ...node, items: node.items.map(unmask) };
    case "scalar": {
      if (typeof node.value !== "string") return node;
      const value = node.value.replaceAll(maskedColon, ":");
      return { ...node, value, text: value };
    }
  }
}

/** A text that lacks its quotes, or holds unescaped ones, is taken as written. */
function readText(text: string, chunk: HeadChunk, value: ValueText, findings: Findings): HeadNode | null {
  if (value.text === "" || isStructured(chunk.key)) return null;
  const [first, ...rest] = headLines(text, value.start, value.start + value.text.length);
  const isBlock = /^[|>][-+\d]*\s*$/.test(first?.text ?? "");
  if (!isBlock && rest.some((line) => /^\s+[\w-]+:(?:\s|$)/.test(line.text))) return null;
  const lines = (isBlock ? rest : [first, ...rest]).map((line) => line?.text.trim() ?? "");
  const written = stripQuotes(lines.join(" ").trim());
  reportUnquoted(value.start, chunk.key, findings);
  return { type: "scalar", offset: value.start, value: written, text: written, isQuoted: true };
}

function reportUnquoted(offset: number, key: string, findings: Findings): void {
  findings.warning(
    "SKILL_TEXT_UNQUOTED",
    offset,
    `A text of "${key}" needs quotes for YAML and was read as written.`,
    "Put it in double quotes, with a backslash before every double quote inside.",
  );
}

function stripQuotes(text: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  return quoted?.[2] ?? text;
}
