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
 * or one that something else needs anyway; else the first that exists; of the providers of a name, likewise. Conflicts
 * are not looked at: nothing is planned that apt would have to remove.
 */
export function closeOver(
  names: Iterable<string>,
  present: ReadonlySet<string>,
  packages: DebianPackages,
): DebianClosure {
  const added = new Map<string, { readonly package: DebianPackage; readonly needs: string[] }>();
  const missing = new Set<string>();
  let open: Group[] = [];
  let undecided: Group[] = [];

  const add = (name: string): string | null => {
    const found = packages.find(name);
    if (found === null) return null;
    const needs: string[] = [];
    added.set(name, { package: found, needs });
    for (const alternatives of packages.dependenciesOf(name)) open.push({ alternatives, needs });
    return name;
  };
  const meet = ({ alternatives, needs }: Group, decide: boolean): boolean => {
    const candidates = alternatives.flatMap((name) => [name, ...packages.providersOf(name)]);
    const there = candidates.find((name) => present.has(name) || added.has(name));
    if (there === undefined && candidates.length > 1 && !decide) return false;
    const taken = there ?? firstOf(candidates, add);
    if (taken === null) missing.add(alternatives.join("|"));
    else if (added.has(taken)) needs.push(taken);
    return true;
  };

  // What is asked for counts as there for everything else.
  for (const name of names) meet({ alternatives: [name], needs: [] }, true);
  for (;;) {
    const left: Group[] = [];
    for (const group of open) if (!meet(group, false)) left.push(group);
    open = [];
    // What one choice brings is settled before the next choice.
    undecided = [...left, ...undecided];
    const choice = undecided.shift();
    if (choice === undefined) return { added, missing: [...missing] };
    meet(choice, true);
  }
}

/** A dependency of a package, to be met. */
interface Group {
  readonly alternatives: readonly string[];
  /** The package's `needs`. */
  readonly needs: string[];
}

function firstOf(names: readonly string[], take: (name: string) => string | null): string | null {
  for (const name of names) {
    const taken = take(name);
    if (taken !== null) return taken;
  }
  return null;
}
