import { satisfies } from "./compare-versions.mjs";

const relation = /^([a-z0-9][a-z0-9.+-]+)(?::[a-z0-9]+)?\s*(?:\((<<|<=|=|>=|>>)\s*([^)\s]+)\))?/;

/** `a (>= 1) | b, c` as groups of `{ name, operator, version }`. */
function parseGroups(text = "") {
  return text
    .split(",")
    .map((group) => group.split("|").map(parseRelation))
    .filter((group) => group.every((each) => each !== null));
}

function parseRelation(text) {
  const [, name, operator, version] = relation.exec(text.trim()) ?? [];
  return name === undefined ? null : { name, operator, version };
}

/** Who provides which name: name → `{ provider, version }`, by priority, then in the order of the lists. */
export function readProvides(packages) {
  const provides = new Map();
  for (const { Package: provider, Provides, Priority } of packages.values()) {
    for (const [{ name, version }] of parseGroups(Provides)) {
      if (name === provider) continue;
      const providers = provides.get(name) ?? [];
      provides.set(name, [...providers, { provider, version, rank: ranks.indexOf(Priority) }]);
    }
  }
  for (const providers of provides.values()) providers.sort((left, right) => left.rank - right.rank);
  return provides;
}

const ranks = ["required", "important", "standard", "optional", "extra"];

/**
 * The groups of a package's dependencies with their versions judged, so that names are enough from here on: each
 * alternative stays that the newest package of its name fits; where only providers fit, they stand in its place. A group
 * of which nothing fits keeps its first name.
 */
export function narrowDependencies(stanza, packages, provides) {
  const groups = [...parseGroups(stanza["Pre-Depends"]), ...parseGroups(stanza.Depends)]
    .filter((group) => group.every(({ name }) => name !== stanza.Package))
    .map((group) => {
      const fitting = group.flatMap((wanted) => fittingNames(wanted, packages, provides));
      return (fitting.length > 0 ? [...new Set(fitting)] : [group[0].name]).join("|");
    });
  return [...new Set(groups)];
}

function fittingNames({ name, operator, version }, packages, provides) {
  const real = packages.get(name);
  if (real !== undefined && (operator === undefined || satisfies(real.Version, operator, version)))
    return [name];
  const providers = provides.get(name) ?? [];
  if (operator === undefined) return providers.length > 0 ? [name] : [];
  return providers
    .filter((each) => each.version !== undefined && satisfies(each.version, operator, version))
    .map(({ provider }) => provider);
}
