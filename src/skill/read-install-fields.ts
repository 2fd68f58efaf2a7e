import { quoteValue } from "../diagnostic/quote-value.ts";
import { type HeadMap, type HeadNode, quoteNode } from "./head-node.ts";
import { type InstallShape, isSourceKey } from "./install-kinds.ts";
import { readFlag, readText } from "./read-text.ts";
import type { Reading } from "./reading.ts";
import type { InstallSpec } from "./skill.ts";
import { splitPieces } from "./split-pieces.ts";

type InstallFields = Omit<InstallSpec, "kind" | "declaredKind" | "bins" | "os" | "place">;
type Mutable<Fields> = { -readonly [Key in keyof Fields]?: Fields[Key] };

export interface ReadInstallFields {
  readonly fields: Mutable<InstallFields>;
  /** The entry says what to install. */
  readonly isComplete: boolean;
}

const textKeys = ["id", "label", "formula", "cask", "tap", "module", "archive", "targetDir"] as const;

const knownKeys: ReadonlySet<string> = new Set([
  ...textKeys,
  "bins",
  "crate",
  "extract",
  "kind",
  "os",
  "package",
  "packages",
  "sha256",
  "stripComponents",
  "type",
  "url",
]);

const longestText = 2_048;

/** The fields of one install entry beside its kind, bins and systems. */
export function readInstallFields(
  entry: HeadMap,
  shape: InstallShape | null,
  path: string,
  reading: Reading,
): ReadInstallFields {
  const fields: Mutable<InstallFields> = {};
  const node = (key: string): HeadNode | undefined => entry.entries.get(key)?.value;
  const read = (key: string): string | undefined => readLine(node(key), `${path}.${key}`, reading);

  for (const key of textKeys) {
    const text = read(key);
    if (text !== undefined) fields[key] = text;
  }
  const url = readUrl(node("url"), `${path}.url`, reading);
  if (url !== undefined) fields.url = url;
  const sha256 = readSha256(node("sha256"), `${path}.sha256`, reading);
  if (sha256 !== undefined) fields.sha256 = sha256;
  if (node("extract") !== undefined)
    fields.extract = readFlag(node("extract"), false, `${path}.extract`, reading);
  const strip = readCount(node("stripComponents"), `${path}.stripComponents`, reading);
  if (strip !== undefined) fields.stripComponents = strip;
  fields.packages = readPackages(entry, path, reading);

  const isComplete =
    shape === null || says(fields, shape) || adoptOtherWord(fields, entry, shape, path, reading);
  const isRefused = shape?.sources.some((source) => hasValue(node(source))) === true;
  if (!isComplete && !isRefused) reportIncomplete(entry, shape, reading);
  reportUnknownKeys(entry, shape, reading);
  return { fields, isComplete };
}

function hasValue(node: HeadNode | undefined): boolean {
  return node !== undefined && !(node.type === "scalar" && node.text.trim() === "");
}

/** One line of text without control characters; whatever else it may be is for the ecosystem's own grammar. */
function readLine(node: HeadNode | undefined, path: string, reading: Reading): string | undefined {
  const text = readText(node, path, reading);
  if (node === undefined || text === undefined) return undefined;
  if (text.length <= longestText && !/[\p{Cc}\u2028\u2029]/u.test(text)) return text;
  return refuse(node, path, "has a control character or a line end, or is too long", reading);
}

function readUrl(node: HeadNode | undefined, path: string, reading: Reading): string | undefined {
  const url = readLine(node, path, reading);
  if (node === undefined || url === undefined) return undefined;
  return /^[a-z][a-z\d+.-]*:\S+$/i.test(url) && URL.canParse(url)
    ? url
    : refuse(node, path, "is not a URL", reading);
}

function readSha256(node: HeadNode | undefined, path: string, reading: Reading): string | undefined {
  const digest = readLine(node, path, reading)
    ?.toLowerCase()
    .replace(/^sha256[:-]/, "");
  if (node === undefined || digest === undefined) return undefined;
  return /^[\da-f]{64}$/.test(digest)
    ? digest
    : refuse(node, path, "is not a SHA-256 digest of 64 hexadecimal digits", reading);
}

function readCount(node: HeadNode | undefined, path: string, reading: Reading): number | undefined {
  const text = readText(node?.type === "scalar" ? { ...node, value: node.text } : node, path, reading);
  if (node === undefined || text === undefined) return undefined;
  return /^\d{1,2}$/.test(text)
    ? Number(text)
    : refuse(node, path, "is not a number of folders, 0 to 99", reading);
}

/** `package` is one package and never split: version ranges have commas. `packages` is a list like any other. */
function readPackages(entry: HeadMap, path: string, reading: Reading): readonly string[] {
  const names: string[] = [];
  for (const key of ["crate", "package", "packages"]) {
    const value = entry.entries.get(key)?.value;
    if (value === undefined) continue;
    if (key !== "packages") reading.note(`${path}.${key}`, value.offset);
    for (const node of packageNodes(key, value, reading)) {
      const name = readLine(node, `${path}.packages.${names.length}`, reading);
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}

function packageNodes(key: string, value: HeadNode, { findings }: Reading): readonly HeadNode[] {
  if (value.type === "list") return value.items;
  if (key !== "packages" || value.type !== "scalar") return [value];
  return splitPieces(value, findings.text).map(({ name, offset }) => ({
    ...value,
    offset,
    value: name,
    text: name,
  }));
}

function says(fields: Mutable<InstallFields>, shape: InstallShape): boolean {
  return shape.sources.some((source) => {
    if (source === "package" || source === "packages" || source === "crate") {
      return fields.packages !== undefined && fields.packages.length > 0;
    }
    return fields[source] !== undefined;
  });
}

/** `{ kind: uv, formula: x }`: the one word that is there can only be what to install. */
function adoptOtherWord(
  fields: Mutable<InstallFields>,
  entry: HeadMap,
  shape: InstallShape,
  path: string,
  reading: Reading,
): boolean {
  const word = shape.otherWords.find((key) => entry.entries.has(key));
  const found = word === undefined ? undefined : entry.entries.get(word);
  const [source] = shape.sources;
  if (word === undefined || found === undefined || source === undefined) return false;
  const text = readLine(found.value, `${path}.${source}`, reading);
  if (text === undefined) return false;
  reading.findings.warning(
    "SKILL_FIELD_RESPELLED",
    found.keyOffset,
    `"${word}" was read as the "${source}" of this ${shape.kind} entry.`,
    `Write "${source}".`,
  );
  if (source === "formula" || source === "module") fields[source] = text;
  else {
    fields.packages = [text];
    reading.note(`${path}.packages.0`, found.value.offset);
  }
  return true;
}

function refuse(node: HeadNode, path: string, reason: string, { findings }: Reading): undefined {
  findings.error(
    "SKILL_INSTALL_FIELD_INVALID",
    node.offset,
    `${quoteNode(node)}, given as "${path}", ${reason}.`,
    "Write a plain value on one line.",
  );
  return undefined;
}

function reportIncomplete(entry: HeadMap, shape: InstallShape | null, { findings }: Reading): void {
  const wanted = shape?.sources.map((source) => `"${source}"`).join(" or ") ?? "a kind";
  findings.warning(
    "SKILL_INSTALL_INCOMPLETE",
    entry.offset,
    `This ${shape?.kind ?? ""} entry does not say what to install: ${quoteNode(entry)} is kept and not used.`,
    `Add ${wanted}.`,
  );
}

/** Of a kind that is not supported the whole entry was reported already. */
function reportUnknownKeys(entry: HeadMap, shape: InstallShape | null, { findings }: Reading): void {
  if (shape === null) return;
  for (const [key, { keyOffset, value }] of entry.entries) {
    if (knownKeys.has(key) || isSourceKey(key) || shape.otherWords.includes(key)) continue;
    findings.info(
      "SKILL_FIELD_UNKNOWN",
      keyOffset,
      `The field ${quoteValue(key)}, with the value ${quoteNode(value)}, is not part of the format.`,
      "Nothing to do, unless it is a misspelling.",
    );
  }
}
