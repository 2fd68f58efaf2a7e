import { debianParts, standardLibrary } from "./standard-library.ts";

/** Namespaces in which many packages put their modules: the first part alone tells nothing. */
const namespaces = new Set([
  "azure",
  "backports",
  "google",
  "jaraco",
  "opentelemetry",
  "plone",
  "ruamel",
  "sphinxcontrib",
  "zope",
]);

const part = /^[A-Za-z_]\w{0,63}$/;

/**
 * What provides an imported module: its first part, up to three parts in a shared namespace; null for the standard
 * library, private modules and what is no name of Python. `imported` are the names after `import`, of which one may be
 * a module of the namespace.
 */
export function moduleName(path: readonly string[], imported: readonly string[] = []): string[] {
  const [first = ""] = path;
  if (!path.every((name) => part.test(name)) || first.startsWith("_")) return [];
  const debianPart = debianParts.get(first);
  if (debianPart !== undefined) return [debianPart];
  if (standardLibrary.has(first)) return [];
  if (!namespaces.has(first)) return [first];
  const modules = path.length < 3 ? imported.filter((name) => /^[a-z][a-z0-9_]{0,63}$/.test(name)) : [];
  const paths = modules.length > 0 ? modules.map((name) => [...path, name]) : [path];
  // The bare namespace is no package.
  return paths.filter((names) => names.length > 1).map((names) => names.slice(0, 3).join("."));
}
