import { quoteValue } from "../diagnostic/quote-value.ts";
import type { Findings } from "./findings.ts";
import { describeNode, type HeadEntry, type HeadMap, type HeadNode, quoteNode, toJson } from "./head-node.ts";
import { holdsRequirements, slipOf } from "./holds-requirements.ts";
import { readMetadata } from "./read-metadata.ts";
import type { Namespace } from "./skill.ts";
import {
  type FieldTable,
  matchKey,
  misplacedFields,
  type NamespaceField,
  namespaceFields,
  type RequiresField,
  requiresFields,
  type SkillField,
  type TopField,
  topFields,
} from "./skill-fields.ts";

export interface HeadFields {
  readonly namespace: Namespace | null;
  readonly top: ReadonlyMap<TopField, HeadNode>;
  /** In order of precedence: namespace, metadata, top level. */
  readonly skill: ReadonlyMap<SkillField, readonly HeadNode[]>;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Sorts a head's keys into what they mean, wherever they stand; every detour leaves a warning. */
export function collectFields(root: HeadMap, findings: Findings): HeadFields {
  const top = new Map<TopField, HeadNode>();
  const extra: [string, unknown][] = [];
  const misplaced: [string, HeadEntry][] = [];
  for (const [key, entry] of root.entries) {
    const match = matchKey(key, topFields);
    if (match !== undefined && !top.has(match.field)) {
      if (match.isRespelled) reportRespelled(key, match.field, entry, findings);
      top.set(match.field, entry.value);
    } else if (matchKey(key, misplacedFields) !== undefined) misplaced.push([key, entry]);
    else extra.push([key, toJson(entry.value)]);
  }

  const skill = new Map<SkillField, HeadNode[]>();
  const collection: Collection = { skill, findings };
  const metadata = readMetadata(top.get("metadata"), root, findings);
  if (metadata.fields !== null) collectNamespace(metadata.fields, collection);
  for (const [key, entry] of metadata.misplaced) collectMisplaced(key, entry, "metadata", collection);
  for (const [key, entry] of misplaced) {
    if (!collectMisplaced(key, entry, "the top level", collection)) extra.push([key, toJson(entry.value)]);
  }
  return { namespace: metadata.namespace, top, skill, extra: Object.fromEntries(extra) };
}

interface Collection {
  readonly skill: Map<SkillField, HeadNode[]>;
  readonly findings: Findings;
}

function collectNamespace(fields: HeadMap, collection: Collection): void {
  for (const [key, entry] of fields.entries) {
    const match = matchField(key, entry, namespaceFields, collection.findings);
    if (match === undefined) reportUnknown(key, entry, collection.findings);
    else if (match === "requires") collectRequires(entry.value, collection);
    else if (match === "config" && entry.value.type === "map") collectPluginConfig(entry.value, collection);
    else if (isRequirement(match)) {
      reportMisplaced(key, entry, `It belongs under "requires" as "${match}".`, collection.findings);
      add(match, entry.value, collection);
    } else add(match, entry.value, collection);
  }
}

/** False if the value cannot be what the field holds, so that the key must mean something else. */
function collectMisplaced(key: string, entry: HeadEntry, where: string, collection: Collection): boolean {
  const field = matchKey(key, misplacedFields)?.field;
  if (field === undefined) return false;
  if (!fits(field, entry.value)) {
    const isRequiring = field === "requires" || field === "bins" || field === "anyBins";
    (isRequiring ? reportUnknownRequirement : reportUnknown)(key, entry, collection.findings);
    return false;
  }
  const hint = isRequirement(field) ? `"requires" inside` : "inside";
  reportMisplaced(
    key,
    entry,
    `Move it from ${where} to ${hint} metadata's "openclaw", as "${field}".`,
    collection.findings,
  );
  if (field === "requires") collectRequires(entry.value, collection);
  else add(field, entry.value, collection);
  return true;
}

function collectRequires(node: HeadNode, collection: Collection): void {
  const { findings } = collection;
  if (node.type !== "map") {
    if (node.type === "scalar" && node.value === null) return;
    findings.error(
      "SKILL_VALUE_TYPE",
      node.offset,
      `"requires" is ${describeNode(node)}, ${quoteNode(node)}, not a map of lists.`,
      'Write for example "requires: { bins: [jq], env: [API_TOKEN] }".',
    );
    return;
  }
  for (const [key, entry] of node.entries) {
    const match = matchField(key, entry, requiresFields, findings);
    if (match === undefined) {
      reportUnknownRequirement(key, entry, findings);
      continue;
    }
    if (!isRequirement(match)) {
      reportMisplaced(key, entry, `It belongs beside "requires", as "${match}".`, findings);
    }
    add(match, entry.value, collection);
  }
}

/** The map by which plugins declare their configuration; of its keys one is a requirement. */
function collectPluginConfig(config: HeadMap, collection: Collection): void {
  for (const [key, entry] of config.entries) {
    if (key !== "requiredEnv") reportUnknown(`config.${key}`, entry, collection.findings);
    else {
      reportMisplaced(key, entry, 'It belongs under "requires" as "env".', collection.findings);
      add("env", entry.value, collection);
    }
  }
}

function matchField<Field extends string>(
  key: string,
  entry: HeadEntry,
  table: FieldTable<Field>,
  findings: Findings,
): Field | undefined {
  const match = matchKey(key, table);
  if (match?.isRespelled) reportRespelled(key, match.field, entry, findings);
  return match?.field;
}

function add(field: SkillField, value: HeadNode, { skill }: Collection): void {
  const values = skill.get(field);
  if (values === undefined) skill.set(field, [value]);
  else values.push(value);
}

function isRequirement(field: NamespaceField | RequiresField): field is RequiresField {
  return field === "bins" || field === "anyBins" || field === "env" || field === "config";
}

/** Whether a value outside of any namespace has the shape of the field that its key names. */
function fits(field: NamespaceField | RequiresField, node: HeadNode): boolean {
  switch (field) {
    case "requires":
      return node.type === "map";
    case "install":
      return node.type === "list" && node.items.every((item) => item.type === "map");
    case "config":
      return node.type === "list";
    case "env":
      return node.type !== "scalar" || /^[A-Z][A-Z\d_]*(?:\s*,\s*[A-Z][A-Z\d_]*)*$/.test(node.text);
    case "bins":
    case "anyBins":
    case "os":
      return node.type === "list" || (node.type === "scalar" && !/[^\s,]\s+[^\s,]/.test(node.text));
    default:
      return node.type === "scalar";
  }
}

function reportRespelled(key: string, field: string, entry: HeadEntry, findings: Findings): void {
  findings.warning(
    "SKILL_FIELD_RESPELLED",
    entry.keyOffset,
    `The key ${quoteValue(key)} was read as "${field}".`,
    `Write "${field}".`,
  );
}

function reportMisplaced(key: string, entry: HeadEntry, hint: string, findings: Findings): void {
  findings.warning(
    "SKILL_FIELD_MISPLACED",
    entry.keyOffset,
    `The field ${quoteValue(key)} stands where the format does not look for it.`,
    hint,
  );
}

function reportUnknown(key: string, entry: HeadEntry, findings: Findings): void {
  const meant = slipOf(key);
  const report =
    meant === undefined && !holdsRequirements(key, entry.value) ? findings.info : findings.warning;
  report(
    "SKILL_FIELD_UNKNOWN",
    entry.keyOffset,
    `The field ${quoteValue(key)}, with the value ${quoteNode(entry.value)}, is not part of the format.`,
    meant === undefined ? "Nothing to do, unless it is a misspelling." : `Write "${meant}" if that is meant.`,
  );
}

function reportUnknownRequirement(key: string, entry: HeadEntry, findings: Findings): void {
  const report = /^optional/i.test(key) ? findings.info : findings.warning;
  report(
    "SKILL_REQUIREMENT_UNKNOWN",
    entry.keyOffset,
    `The requirement ${quoteValue(key)}, with the value ${quoteNode(entry.value)}, is of no known kind.`,
    'Known are "bins", "anyBins", "env" and "config"; say the rest in the text.',
  );
}
