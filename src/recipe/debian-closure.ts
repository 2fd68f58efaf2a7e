import type { DebianPackage, DebianPackages } from "./debian-packages.ts";

/** What apt adds for some packages, without recommends. */
export interface DebianClosure {
  /** By name. */
  readonly added: ReadonlyMap<string, AddedPackage>;
  /** Names that no package has or provides, asked for or depended on; in the order in which they came up. */
  readonly missing: readonly string[];
}

export interface AddedPackage {
  readonly package: DebianPackage;
  /** Those of the closure that meet its dependencies. */
  readonly needs: readonly string[];
}

/**
 * The packages that `names` bring to a system that has `present`. Of alternatives, one that is there already is taken,
 * else the first that exists; of the providers of a name, likewise. Conflicts are not looked at: nothing is planned
 * that apt would have to remove.
 */
export function closeOver(
  names: Iterable<string>,
  present: ReadonlySet<string>,
  packages: DebianPackages,
): DebianClosure {
  const added = new Map<string, { readonly package: DebianPackage; readonly needs: string[] }>();
  const missing = new Set<string>();
  const isThere = (name: string) => present.has(name) || added.has(name);
  const withProviders = (name: string) => [name, ...packages.providersOf(name)];

  /** The package that meets a group of alternatives, added if none is there. */
  const meet = (group: readonly string[]): string | null => {
    const candidates = group.flatMap(withProviders);
    const there = candidates.find(isThere);
    if (there !== undefined) return there;
    for (const name of candidates) {
      const found = packages.find(name);
      if (found === null) continue;
      added.set(name, { package: found, needs: [] });
      return name;
    }
    missing.add(group.join("|"));
    return null;
  };

  // What is asked for comes first: it counts as there for everything else. Maps are walked in the order they grow in.
  for (const name of names) meet([name]);
  for (const { package: dependent, needs } of added.values()) {
    for (const group of dependent.dependencies) {
      const met = meet(group);
      if (met !== null && added.has(met)) needs.push(met);
    }
  }
  return { added, missing: [...missing] };
}
