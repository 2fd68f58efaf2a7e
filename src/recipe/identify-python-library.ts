import type { DebianModules } from "./debian-modules.ts";
import type { WantedLibrary } from "./library.ts";
import type { Identified, LibraryIdentity } from "./library-claim.ts";
import { canonicalName } from "./python.ts";
import { type PythonLibraryRow, pythonLibraryRows } from "./python-library-rows.ts";

/**
 * Which library a name means. A package's name says it. A module's name does where the table knows it, where the skill
 * also names a package that is called like it, or where Debian's package of that name has it; where another package of
 * Debian's has it, only a person can tell. A package of the index is never guessed from a module's name.
 */
export function identifyPythonLibrary(
  wanted: WantedLibrary,
  siblings: readonly WantedLibrary[],
  modules: DebianModules | undefined,
): Identified {
  if (wanted.package !== undefined) {
    return { ...fromDistribution(wanted.package, wanted, modules), module: wanted.name };
  }
  if (wanted.naming === "package") return fromDistribution(wanted.name, wanted, modules);
  const row = findRow(wanted.name);
  if (row !== undefined) return fromRow(row, wanted);
  const sibling = siblings.find(({ naming, name }) => naming === "package" && areAlike(wanted.name, name));
  if (sibling !== undefined) {
    return { ...fromDistribution(sibling.name, sibling, modules), module: wanted.name };
  }
  return fromDebian(wanted, modules);
}

/** The row of a module, or of the namespace that it is a part of. */
function findRow(module: string): PythonLibraryRow | undefined {
  for (let name = module; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
    const row = rowsByModule.get(name);
    if (row !== undefined) return row;
  }
  return undefined;
}

const rowsByModule: ReadonlyMap<string, PythonLibraryRow> = new Map(
  pythonLibraryRows.map((row) => [row.module, row]),
);

/** Of several modules of one library the first that Debian has. */
const rowsByDistribution: ReadonlyMap<string, PythonLibraryRow> = indexByDistribution();

function indexByDistribution(): Map<string, PythonLibraryRow> {
  const rows = new Map<string, PythonLibraryRow>();
  for (const row of pythonLibraryRows) {
    for (const name of row.distributions.map(canonicalName)) {
      if ((rows.get(name)?.debian ?? null) === null) rows.set(name, row);
    }
  }
  return rows;
}

function fromRow(row: PythonLibraryRow, { name }: WantedLibrary): LibraryIdentity {
  const [distribution = null] = row.distributions;
  return {
    key: canonicalName(distribution ?? row.module),
    module: name,
    distribution,
    debian: row.debian,
    sure: true,
    evidence: { source: "catalog", detail: `${name} is a module of ${distribution ?? row.debian}` },
  };
}

/**
 * Debian names its packages for modules: one that is called like a package of the index is the same library only if it
 * has a module of that name, and if that module is not known to be another library's.
 */
function fromDistribution(
  distribution: string,
  { because, place, declared }: WantedLibrary,
  modules: DebianModules | undefined,
): LibraryIdentity {
  const key = canonicalName(distribution);
  const row = rowsByDistribution.get(key);
  const module = key.replaceAll("-", "_");
  const named = `python3-${key}`;
  const same = !rowsByModule.has(module) && modules?.packagesWith(module).includes(named) === true;
  return {
    key: row === undefined ? key : canonicalName(row.distributions[0] ?? distribution),
    module: row?.module ?? (same ? module : null),
    distribution,
    debian: row === undefined ? (same ? named : null) : row.debian,
    sure: true,
    evidence: { source: declared ? "overlay" : "install", detail: because, place },
  };
}

function fromDebian({ name, place }: WantedLibrary, modules: DebianModules | undefined): Identified {
  const packages = modules?.packagesWith(name) ?? [];
  const key = canonicalName(name);
  const named = packages.find((candidate) => candidate === `python3-${key}`);
  const debian = named ?? packages[0];
  if (debian === undefined) {
    return { failure: "no Debian package has this module, and which package of an index does is not known" };
  }
  return {
    key,
    module: name,
    distribution: null,
    debian,
    sure: named !== undefined,
    evidence: { source: "index", detail: `${debian} has the module ${name}`, place },
  };
}

/** `foo_bar` and `foo-bar`, `python-foo-bar` or `py-foo-bar`. */
function areAlike(module: string, distribution: string): boolean {
  const plain = (name: string) => canonicalName(name).replaceAll("-", "");
  const wanted = plain(module);
  const offered = plain(distribution);
  return [wanted, `python${wanted}`, `py${wanted}`, `${wanted}python`].includes(offered);
}
