import { z } from "zod";
import { compareText } from "../diagnostic/compare-text.ts";
import type { CargoLock, CrateEntry, LockedCrate } from "./part-lock.ts";
import { crateEntrySchema } from "./part-lock-schema.ts";

/**
 * What `fetch-crates` has left: lines of `sha256sum`, lines of the registry's index, and the address of its store. Null
 * where a line of the index is none, or there is none for a file.
 */
export function parseCrateRecord(text: string, placeStore: (address: string) => string): CargoLock | null {
  const lines = text.split("\n").filter((line) => line !== "");
  const sums = new Map(
    lines.filter((line) => /^[0-9a-f]{64} {2}/.test(line)).map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  const entries = readEntries(lines.filter((line) => line.startsWith("{")));
  if (entries === null) return null;
  const wanted = wantedFeatures(entries);
  const crates = entries.map((entry): LockedCrate => {
    const file = `${entry.name}-${entry.vers}.crate`;
    const sha256 = sums.get(file);
    return sha256 === undefined
      ? { file, sha256: entry.cksum, entry: narrow(entry, wanted), unused: true }
      : { file, sha256, entry };
  });
  const known = new Set(crates.map(({ file }) => file));
  if ([...sums.keys()].some((file) => !known.has(file))) return null;
  const store = lines.find((line) => line.startsWith("store "))?.slice("store ".length) ?? "";
  return {
    kind: "cargo",
    store: placeStore(store),
    crates: crates.sort((left, right) => compareText(left.file, right.file)),
  };
}

function readEntries(lines: readonly string[]): readonly CrateEntry[] | null {
  try {
    const parsed = z.array(crateEntrySchema).safeParse(lines.map((line): unknown => JSON.parse(line)));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Every feature that some crate asks of another, by its name alone: more than enough. */
function wantedFeatures(entries: readonly CrateEntry[]): ReadonlySet<string> {
  const asked = entries.flatMap(({ deps }) => deps.flatMap(({ features = [] }) => features));
  const passedOn = entries.flatMap((entry) => Object.values(tableOf(entry)).flat());
  return new Set(["default", ...asked, ...passedOn.map((text) => text.slice(text.indexOf("/") + 1))]);
}

/**
 * Without features that nobody asks for: bindings of Windows have thousands, and cargo only looks whether those that are
 * asked for exist.
 */
function narrow(entry: CrateEntry, wanted: ReadonlySet<string>): CrateEntry {
  const all = tableOf(entry);
  const kept = new Set<string>();
  const keep = (feature: string): void => {
    if (kept.has(feature) || !Object.hasOwn(all, feature)) return;
    kept.add(feature);
    for (const other of all[feature] ?? []) keep(other);
  };
  for (const feature of wanted) keep(feature);
  const only = (table: CrateEntry["features"]) =>
    Object.fromEntries(Object.entries(table ?? {}).filter(([feature]) => kept.has(feature)));
  return {
    ...entry,
    features: only(entry.features),
    ...(entry.features2 === undefined ? {} : { features2: only(entry.features2) }),
  };
}

function tableOf({ features = {}, features2 = {} }: CrateEntry): Readonly<Record<string, readonly string[]>> {
  return { ...features, ...features2 };
}
