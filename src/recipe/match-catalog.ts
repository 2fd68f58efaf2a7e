import type { CatalogRow, NamingKind } from "./catalog/catalog-row.ts";
import { findRows } from "./catalog/find-rows.ts";
import type { InstallEntry } from "./read-install.ts";

/**
 * How sure it is that a row is what the skill means: `named` by an install entry or the homepage · `known`: the bare
 * command has one meaning · `ambiguous`: it has several · `contradicted`: the skill's install entries name another program.
 */
export type Certainty = "named" | "known" | "ambiguous" | "contradicted";

export interface CatalogMatch {
  readonly row: CatalogRow;
  readonly certainty: Certainty;
  /** For `named` the entry that does, null where the homepage does; for `contradicted` the first that names another. */
  readonly entry: InstallEntry | null;
}

/**
 * The row that a command of a skill means, judged by the install entries for that command and, where there are none, by
 * the skill's homepage; null where none fits.
 */
export function matchCatalog(
  bin: string,
  entries: readonly InstallEntry[],
  homepage: string | undefined,
): CatalogMatch | null {
  const rows = findRows(bin);
  const match = findNamed(rows, entries, listsName) ?? findNamed(rows, entries, hasEqualName);
  if (match !== null) return { ...match, certainty: "named" };
  const other = entries.find(({ names }) => names.length > 0);
  const settled = other === undefined && homepage !== undefined ? findByHomepage(rows, homepage) : null;
  if (settled !== null) return { row: settled, certainty: "named", entry: null };
  const row = rows.find((candidate) => candidate.onlyWhenNamed !== true);
  if (row === undefined) return null;
  if (other !== undefined) return { row, certainty: "contradicted", entry: other };
  return { row, certainty: row.confusedWith === undefined ? "known" : "ambiguous", entry: null };
}

type NameTest = (row: CatalogRow, kind: NamingKind, name: string) => boolean;

function findNamed(rows: readonly CatalogRow[], entries: readonly InstallEntry[], fits: NameTest) {
  for (const row of rows) {
    for (const entry of entries) {
      const { naming } = entry;
      if (naming !== null && entry.names.some((name) => fits(row, naming, name))) return { row, entry };
    }
  }
  return null;
}

function findByHomepage(rows: readonly CatalogRow[], homepage: string): CatalogRow | null {
  const address = homepage.replace(/^https?:\/\/(?:www\.)?/, "").toLowerCase();
  const isAt = (home: string) => address === home || address.startsWith(`${home}/`);
  return rows.find(({ homepages = [] }) => homepages.some(isAt)) ?? null;
}

/** Whether the row lists this very name. */
export function listsName(row: CatalogRow, kind: NamingKind, name: string): boolean {
  return row.namedAs?.[kind]?.includes(name) === true;
}

/** Whether the name is the command or the package itself; a tap may hold anything, so it cannot settle a doubt. */
function hasEqualName(row: CatalogRow, kind: NamingKind, name: string): boolean {
  if (row.onlyWhenNamed === true) return false;
  const fromTap = kind === "brew" && name.includes("/");
  if (fromTap && (row.confusedWith !== undefined || row.answer.kind === "none")) return false;
  const last = fromTap ? name.slice(name.lastIndexOf("/") + 1) : name;
  return row.bins.includes(last) || ("package" in row.answer && row.answer.package === last);
}
