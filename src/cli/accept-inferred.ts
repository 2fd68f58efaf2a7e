import type { AddedRequires } from "../source/add-to-overlay.ts";
import type { InferredRow } from "./infer-skills.ts";

/** What is written into the overlay: skill → its further requirements. */
export type Accepted = ReadonlyMap<string, AddedRequires>;

type PythonEntry = NonNullable<AddedRequires["python"]>[number];
type NodeEntry = NonNullable<AddedRequires["node"]>[number];

/**
 * Proposals as an overlay writes them, each once. Left out are those that a plan takes without it, those that nothing
 * provides (a skill that requires such a thing could not be built), those that the image has anyway, and those of
 * skills whose name is a pattern in an overlay.
 */
export function acceptInferred(rows: readonly InferredRow[]): Accepted {
  const accepted = new Map<string, AddedRequires>();
  for (const row of rows.filter(isAcceptable)) {
    const requires = accepted.get(row.skill) ?? {};
    accepted.set(row.skill, { ...requires, ...added(row, requires) });
  }
  return accepted;
}

/** Whether a proposal can be written: see {@link acceptInferred}. */
export function isAcceptable({ confidence, status, skill, kind, module }: InferredRow): boolean {
  if (confidence === "certain" || status !== "resolved" || !isOverlayName(skill)) return false;
  return kind !== "python" || module !== null;
}

const notOwn = new Set(["__proto__", "constructor", "prototype"]);

function isOverlayName(skill: string): boolean {
  return !/[*?]/.test(skill) && !notOwn.has(skill);
}

function added(row: InferredRow, requires: AddedRequires): AddedRequires {
  switch (row.kind) {
    case "bin":
      return { bins: [...(requires.bins ?? []), row.name] };
    case "python":
      return { python: withLibrary(requires.python ?? [], pythonEntry(row)) };
    case "node":
      return { node: withLibrary(requires.node ?? [], nodeEntry(row)) };
  }
}

/** One library may have been found as a module and as a package: what says more stays. */
function withLibrary<Entry extends PythonEntry | NodeEntry>(
  entries: readonly Entry[],
  entry: Entry,
): Entry[] {
  const name = importOf(entry);
  const others = entries.filter((other) => importOf(other) !== name);
  const earlier = entries.find((other) => importOf(other) === name);
  return [...others, typeof entry === "string" && earlier !== undefined ? earlier : entry];
}

function importOf(entry: PythonEntry | NodeEntry): string {
  return typeof entry === "string" ? entry : entry.import;
}

function pythonEntry({ name, naming, module, versionRange }: InferredRow): PythonEntry {
  const entry = {
    import: module ?? name,
    ...(naming === "distribution" ? { package: name } : {}),
    ...(versionRange === null ? {} : { version: versionRange }),
  };
  return Object.keys(entry).length === 1 ? entry.import : entry;
}

function nodeEntry({ name, versionRange }: InferredRow): NodeEntry {
  return versionRange === null ? name : { import: name, version: versionRange };
}
