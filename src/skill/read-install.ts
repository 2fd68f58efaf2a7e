import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeNode, emptyMap, type HeadMap, type HeadNode, quoteNode } from "./head-node.ts";
import { type InstallShape, inferInstallKind, isSourceKey, matchInstallKind } from "./install-kinds.ts";
import { nameGrammars } from "./name-grammars.ts";
import { readInstallFields } from "./read-install-fields.ts";
import { readNames } from "./read-names.ts";
import { readOs } from "./read-os.ts";
import type { Reading } from "./reading.ts";
import type { InstallSpec } from "./skill.ts";

const longestList = 64;

/** The install entries in their order, each kept: one that cannot be used has a diagnostic and the kind null. */
export function readInstall(nodes: readonly HeadNode[], reading: Reading): readonly InstallSpec[] {
  const entries = nodes.flatMap((node) => listEntries(node, reading));
  if (entries.length <= longestList) return entries.map((entry, index) => readEntry(entry, index, reading));
  reading.findings.error(
    "SKILL_LIST_TOO_LONG",
    entries[longestList]?.offset ?? 0,
    `"install" has ${entries.length} entries; at most ${longestList} are read.`,
    "List what the skill itself needs.",
  );
  return [];
}

function listEntries(node: HeadNode, { findings }: Reading): readonly HeadNode[] {
  if (node.type === "list") return node.items;
  if (node.type === "scalar" && node.value === null) return [];
  findings.warning(
    "SKILL_VALUE_TYPE",
    node.offset,
    `"install" is ${describeNode(node)}, not a list; it was read as its one entry.`,
    'Write "install: [{ kind: …, … }]".',
  );
  return [node];
}

function readEntry(node: HeadNode, index: number, reading: Reading): InstallSpec {
  const path = `install.${index}`;
  reading.note(path, node.offset);
  const place = reading.findings.placeAt(node.offset);
  if (node.type !== "map") {
    reportUnsupported(node, reading);
    return { kind: null, declaredKind: "", bins: [], os: [], packages: [], place };
  }
  const { declaredKind, shape, fields } = identify(node, path, reading);
  const value = (key: string): HeadNode[] => {
    const entry = fields.entries.get(key);
    return entry === undefined ? [] : [entry.value];
  };
  const bins = readNames(value("bins"), nameGrammars.bins, `${path}.bins`, reading);
  const os = readOs(value("os"), `${path}.os`, "warning", reading);
  const read = readInstallFields(fields, shape, path, reading);
  const foreign = shape === null ? undefined : findForeignSource(fields, reading);
  const isUsable = shape !== null && read.isComplete && foreign === undefined && os !== null;
  const kind = isUsable ? shape.kind : null;
  return { kind, declaredKind, bins, os: os ?? [], packages: [], ...read.fields, place };
}

interface Identity {
  readonly declaredKind: string;
  /** Null for a kind that is not supported. */
  readonly shape: InstallShape | null;
  readonly fields: HeadMap;
}

function identify(entry: HeadMap, path: string, reading: Reading): Identity {
  const declared = entry.entries.get("kind")?.value ?? entry.entries.get("type")?.value;
  if (declared === undefined) return identifyUnnamed(entry, reading);
  const declaredKind = declared.type === "scalar" ? declared.text.trim() : "";
  reading.note(`${path}.kind`, declared.offset);
  const match = matchInstallKind(declaredKind);
  if (match === undefined) reportUnsupported(declared, reading);
  else if (match.isRespelled) reportInferred(entry, match.shape, reading);
  return { declaredKind, shape: match?.shape ?? null, fields: entry };
}

/** `{ brew: { formula: … } }`, `{ brew: formula }`, or a key that only one kind has. */
function identifyUnnamed(entry: HeadMap, reading: Reading): Identity {
  const [only, ...others] = entry.entries;
  const named = only === undefined || others.length > 0 ? undefined : matchInstallKind(only[0]);
  if (only !== undefined && named !== undefined) {
    reportInferred(entry, named.shape, reading);
    return { declaredKind: only[0], shape: named.shape, fields: fieldsBelow(only[1].value, named.shape) };
  }
  const id = entry.entries.get("id")?.value;
  const kind = inferInstallKind(new Set(entry.entries.keys())) ?? (id?.type === "scalar" ? id.text : "");
  const shape = matchInstallKind(kind)?.shape ?? null;
  if (shape === null) reportUnsupported(entry, reading);
  else reportInferred(entry, shape, reading);
  return { declaredKind: "", shape, fields: entry };
}

function fieldsBelow(value: HeadNode, shape: InstallShape): HeadMap {
  if (value.type === "map") return value;
  const fields = emptyMap(value.offset);
  fields.entries.set(shape.sources[0] ?? "package", { keyOffset: value.offset, value });
  return fields;
}

function findForeignSource(fields: HeadMap, { findings }: Reading): string | undefined {
  for (const [key, entry] of fields.entries) {
    if (!isSourceKey(key)) continue;
    findings.warning(
      "SKILL_INSTALL_SOURCE_UNSUPPORTED",
      entry.keyOffset,
      `${quoteValue(key)}, with the value ${quoteNode(entry.value)}, cannot be honoured; the entry is not used.`,
      "Say in skillcrate.json5 where the binary comes from.",
    );
    return key;
  }
  return undefined;
}

function reportUnsupported(node: HeadNode, { findings }: Reading): void {
  findings.warning(
    "SKILL_INSTALL_KIND_UNSUPPORTED",
    node.offset,
    `${quoteNode(node)} is no kind of installer that can be used; the entry is kept and not used.`,
    "Use brew, node, go, uv, pip, pipx, python, cargo, apt or download, or say in skillcrate.json5 where the binary comes from.",
  );
}

function reportInferred(entry: HeadMap, shape: InstallShape, { findings }: Reading): void {
  findings.warning(
    "SKILL_INSTALL_KIND_INFERRED",
    entry.offset,
    `The entry was read as one of kind "${shape.kind}".`,
    `Write "kind: ${shape.kind}".`,
  );
}
