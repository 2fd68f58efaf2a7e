import {
  architectureOf,
  type DebianArchitecture,
  type DebianTables,
  findEntries,
  findWords,
} from "./debian-tables.ts";
import type { RecipePlatform } from "./resolve-context.ts";

/** A package of bookworm main in its newest version, security and other updates counted in. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: DebianArchitecture | "all";
  /** Of its file. */
  readonly downloadBytes: number;
  /**
   * What its files take in an image: without the documentation that images leave out, with the byte code of Python
   * modules and its entries in dpkg's database.
   */
  readonly installedBytes: number;
  /** `installedBytes` was measured with this very version; else it follows from Debian's own field and list of paths. */
  readonly measured: boolean;
}

export interface DebianPackages {
  readonly architecture: DebianArchitecture;
  /** What a minimal system, such as `bookworm-slim`, is made from: these and what they depend on. */
  minimal(): readonly string[];
  /** Null for a name that no package has: unknown, or only provided. */
  find(name: string): DebianPackage | null;
  /**
   * Groups of alternatives, of each of which one must be there too, pre-dependencies first. Only names whose newest
   * version fits, real or provided.
   */
  dependenciesOf(name: string): readonly (readonly string[])[];
  /** Packages that provide this name, in the order in which apt prefers them. */
  providersOf(name: string): readonly string[];
}

/** Each line is read once, when it is asked for. */
export function debianPackages(tables: DebianTables, platform: RecipePlatform): DebianPackages {
  const architecture = architectureOf(platform);
  return {
    architecture,
    minimal: () => findEntries(tables("minimal"), "minimal", architecture),
    find: readOnce((name) => readPackage(tables, name, architecture)),
    dependenciesOf: readOnce((name) =>
      (findWords(tables, "dependencies", name, architecture) ?? []).map((group) => group.split("|")),
    ),
    providersOf: readOnce((name) => findEntries(tables("provides"), name, architecture)),
  };
}

function readOnce<Value>(read: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const value = read(name);
    known.set(name, value);
    return value;
  };
}

/** Lines `name version download-bytes installed-kB[!]`: `!` marks one for every processor. */
function readPackage(
  tables: DebianTables,
  name: string,
  architecture: DebianArchitecture,
): DebianPackage | null {
  const [version, size, kilobytes] = findWords(tables, "packages", name, architecture) ?? [];
  if (version === undefined || size === undefined || kilobytes === undefined) return null;
  const measured = measuredBytes(tables, name, version, architecture);
  return {
    name,
    version,
    architecture: kilobytes.endsWith("!") ? "all" : architecture,
    downloadBytes: Number(size),
    installedBytes: measured ?? Number.parseInt(kilobytes, 10) * 1000,
    measured: measured !== null,
  };
}

/** Lines `name version:bytes`, one for each processor where they differ. */
function measuredBytes(
  tables: DebianTables,
  name: string,
  version: string,
  architecture: DebianArchitecture,
): number | null {
  for (const entry of findEntries(tables("measured"), name, architecture)) {
    const end = entry.lastIndexOf(":");
    if (entry.slice(0, end) === version) return Number(entry.slice(end + 1));
  }
  return null;
}
