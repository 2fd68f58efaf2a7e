import { findRows } from "./catalog/find-rows.ts";
import type { DeclaredPackage } from "./ecosystem.ts";
import type { InstallEntry } from "./read-install.ts";

/**
 * The entries that give a command: those that list it in `bins` and, of those that list nothing, the ones whose
 * package has the command's name or is known to give it.
 */
export function entriesFor(bin: string, entries: readonly InstallEntry[]): readonly InstallEntry[] {
  return entries.filter((entry) =>
    entry.spec.bins.length > 0 ? entry.spec.bins.includes(bin) : findPackage(bin, entry) !== null,
  );
}

/** The package of an entry that gives the command by its name or as far as is known; null: no package tells. */
export function findPackage(
  bin: string,
  { packages, ecosystem, names }: InstallEntry,
): DeclaredPackage | null {
  if (ecosystem === null) {
    return names.some((name) => lastPart(name) === bin || isFormulaOf(name, bin)) ? { name: bin } : null;
  }
  return (
    packages.find(({ name }) => ecosystem.knownBins(name)?.includes(bin)) ??
    packages.find(({ name }) => lastPart(name) === bin) ??
    null
  );
}

function isFormulaOf(name: string, bin: string): boolean {
  return findRows(bin).some(({ namedAs }) => namedAs?.brew?.includes(name) === true);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
