import { escapeText, quoteValue } from "../diagnostic/quote-value.ts";
import { checkHeadLimits } from "./check-head-limits.ts";
import type { Findings } from "./findings.ts";
import {
  describeNode,
  type HeadEntry,
  type HeadMap,
  type HeadNode,
  type HeadScalar,
  quoteNode,
} from "./head-node.ts";
import { holdsRequirements, textHoldsRequirements } from "./holds-requirements.ts";
import { locateInScalar } from "./locate-in-scalar.ts";
import { findJson5Fault, readJson5 } from "./read-json5.ts";
import { type Namespace, namespaces } from "./skill.ts";
import {
  type FieldTable,
  matchKey,
  misplacedFields,
  namespaceFields,
  squash,
  topFields,
} from "./skill-fields.ts";

export interface Metadata {
  readonly namespace: Namespace | null;
  /** The chosen namespace's own fields. */
  readonly fields: HeadMap | null;
  /** Fields of a namespace that stand directly under metadata. */
  readonly misplaced: readonly (readonly [string, HeadEntry])[];
}

const nothing: Metadata = { namespace: null, fields: null, misplaced: [] };

/** Metadata as a map or as a string of JSON5 → the namespace that counts, and fields that missed it. */
export function readMetadata(node: HeadNode | undefined, root: HeadMap, findings: Findings): Metadata {
  const metadata = node === undefined ? null : metadataMap(node, findings);
  const candidates = [
    ...findNamespaces(metadata),
    ...findNamespaces(root).filter(({ key, entry }) => holdsFields(key, entry.value)),
  ];
  for (const candidate of candidates) reportRespelled(candidate, findings);
  reportUnread(root, topFields, candidates, findings);
  if (metadata !== null) reportUnread(metadata, misplacedFields, candidates, findings);
  const [chosen, ...others] = candidates.toSorted((left, right) => rank(left) - rank(right));
  const misplaced = [...(metadata?.entries ?? [])].filter(([key]) => matchKey(key, misplacedFields));
  if (chosen === undefined) return { ...nothing, misplaced };
  for (const other of others) reportOther(other, chosen, findings);
  if (metadata?.entries.get(chosen.key) !== chosen.entry) reportOutside(chosen, findings);
  return { namespace: chosen.namespace, fields: namespaceMap(chosen, findings), misplaced };
}

function metadataMap(node: HeadNode, findings: Findings): HeadMap | null {
  if (node.type === "map") return node;
  if (node.type === "scalar" && node.text.trim() === "") return null;
  if (node.type === "scalar" && typeof node.value === "string") return json5Map(node, findings);
  return reportInvalid(node.offset, `is ${describeNode(node)}, ${quoteNode(node)}`, "error", findings);
}

function json5Map(node: HeadScalar, findings: Findings): HeadMap | null {
  const offsetOf = locateInScalar(findings.text, node);
  if (!checkHeadLimits(node.text, offsetOf, findings)) return null;
  const fault = findJson5Fault(node.text);
  if (fault === null) {
    const value = readJson5(node.text, offsetOf, findings);
    if (value.type === "map") return value;
  }
  // Words cannot hide a requirement; what begins like JSON5, or has a key for them, can.
  if (!/^\s*[{[]/.test(node.text) && !textHoldsRequirements(node.text)) {
    return reportInvalid(node.offset, `is the text ${quoteNode(node)}`, "warning", findings);
  }
  const offset = fault === null ? node.offset : offsetOf(fault.index);
  const reason = fault === null ? "not a map" : `no JSON5 (${escapeText(fault.message)})`;
  return reportInvalid(offset, `is a text that is ${reason}: ${quoteNode(node)}`, "error", findings);
}

function reportInvalid(
  offset: number,
  what: string,
  severity: "error" | "warning",
  findings: Findings,
): null {
  const hint = "Write a map, in YAML or in JSON.";
  findings[severity]("SKILL_METADATA_INVALID", offset, `The metadata ${what}.`, hint);
  return null;
}

interface Candidate {
  readonly namespace: Namespace;
  readonly key: string;
  readonly entry: HeadEntry;
}

function findNamespaces(map: HeadMap | null): Candidate[] {
  return [...(map?.entries ?? [])].flatMap(([key, entry]) => {
    const namespace = namespaces.find((name) => name === squash(key));
    return namespace === undefined ? [] : [{ namespace, key, entry }];
  });
}

function reportRespelled({ namespace, key, entry }: Candidate, findings: Findings): void {
  if (namespace === key) return;
  findings.warning(
    "SKILL_FIELD_RESPELLED",
    entry.keyOffset,
    `The key ${quoteValue(key)} was read as "${namespace}".`,
    `Write "${namespace}".`,
  );
}

function rank({ namespace }: Candidate): number {
  return namespaces.indexOf(namespace);
}

function holdsFields(key: string, node: HeadNode): boolean {
  if (node.type !== "map") return false;
  const isField = (name: string) => matchKey(name, namespaceFields)?.isRespelled === false;
  return [...node.entries.keys()].some(isField) || holdsRequirements(key, node);
}

/** What looks like requirements and stands where nothing reads it, often under another system's name. */
function reportUnread(
  map: HeadMap,
  known: FieldTable<string>,
  candidates: readonly Candidate[],
  findings: Findings,
): void {
  for (const [key, entry] of map.entries) {
    const isRead = matchKey(key, known) ?? matchKey(key, misplacedFields);
    if (isRead || candidates.some((candidate) => candidate.entry === entry)) continue;
    if (!holdsRequirements(key, entry.value)) continue;
    findings.warning(
      "SKILL_NAMESPACE_UNKNOWN",
      entry.keyOffset,
      `${quoteValue(key)} is no known namespace; its fields have no effect: ${quoteNode(entry.value)}.`,
      'Write "openclaw" below "metadata" if they are meant for this system.',
    );
  }
}

function reportOther(other: Candidate, chosen: Candidate, findings: Findings): void {
  findings.warning(
    "SKILL_NAMESPACE_SEVERAL",
    other.entry.keyOffset,
    `"${chosen.namespace}" counts; what "${other.namespace}" says has no effect: ${quoteNode(other.entry.value)}.`,
    'Keep one of them, best "openclaw".',
  );
}

function reportOutside(chosen: Candidate, findings: Findings): void {
  findings.warning(
    "SKILL_FIELD_MISPLACED",
    chosen.entry.keyOffset,
    `"${chosen.namespace}" stands outside of "metadata".`,
    'Move it under "metadata".',
  );
}

function namespaceMap({ namespace, entry }: Candidate, findings: Findings): HeadMap | null {
  const { value } = entry;
  if (value.type === "map") return value;
  if (value.type === "scalar" && value.value === null) return null;
  findings.error(
    "SKILL_METADATA_INVALID",
    value.offset,
    `"${namespace}" is ${describeNode(value)}, ${quoteNode(value)}, not a map.`,
    'Write a map with "requires", "install" and so on.',
  );
  return null;
}
