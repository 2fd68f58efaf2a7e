import type { CatalogRow } from "./catalog-row.ts";
import { darwinTools } from "./darwin-tools.ts";
import { debianData } from "./debian-data.ts";
import { debianDevelopment } from "./debian-development.ts";
import { debianDocuments } from "./debian-documents.ts";
import { debianFiles } from "./debian-files.ts";
import { debianMedia } from "./debian-media.ts";
import { debianNetwork } from "./debian-network.ts";
import { debianPersonal } from "./debian-personal.ts";
import { debianTerminal } from "./debian-terminal.ts";
import { npmTools } from "./npm-tools.ts";
import { operationsTools } from "./operations-tools.ts";
import { pythonTools } from "./python-tools.ts";
import { releaseTools } from "./release-tools.ts";
import { sourceTools } from "./source-tools.ts";
import { unbuiltTools } from "./unbuilt-tools.ts";
import { vendorTools } from "./vendor-tools.ts";

/** Every row. For one command, rows that the bare name can mean come before rows that only install entries can name. */
export const catalogRows: readonly CatalogRow[] = [
  ...debianData,
  ...debianDevelopment,
  ...debianDocuments,
  ...debianFiles,
  ...debianMedia,
  ...debianNetwork,
  ...debianPersonal,
  ...debianTerminal,
  ...npmTools,
  ...pythonTools,
  ...releaseTools,
  ...vendorTools,
  ...operationsTools,
  ...sourceTools,
  ...darwinTools,
  ...unbuiltTools,
];

const rowsByBin = groupBy(catalogRows, (row) => row.bins);
const rowsByAptPackage = groupBy(catalogRows, ({ answer }) =>
  answer.kind === "apt" ? [answer.package] : [],
);

const rowsBySource = groupBy(catalogRows, ({ answer }) =>
  answer.kind === "go" || answer.kind === "cargo" ? [`${answer.kind} ${answer.package}`] : [],
);

/** The rows for a command; empty where the catalog does not know it. */
export function findRows(bin: string): readonly CatalogRow[] {
  return rowsByBin.get(bin) ?? [];
}

/** Every command that the catalog knows. */
export function catalogBins(): Iterable<string> {
  return rowsByBin.keys();
}

/** The row of something that is built from source, by its import path or crate. */
export function findSourceRow(kind: "go" | "cargo", name: string): CatalogRow | null {
  return rowsBySource.get(`${kind} ${name}`)?.[0] ?? null;
}

/** The commands that rows name for a Debian package; null where none does. */
export function knownAptBins(name: string): readonly string[] | null {
  return rowsByAptPackage.get(name)?.flatMap((row) => row.bins) ?? null;
}

/** The commands of the programs that a package or a formula of this name holds, where something provides them. */
export function binsOfProgram(name: string): readonly string[] {
  rowsByProgram ??= groupBy(
    catalogRows.filter(({ answer }) => answer.kind !== "none"),
    ({ answer, namedAs = {} }) => [
      ...new Set([...("package" in answer ? [answer.package] : []), ...Object.values(namedAs).flat()]),
    ],
  );
  return [...new Set(rowsByProgram.get(name)?.flatMap(({ bins }) => bins))];
}

let rowsByProgram: Map<string, CatalogRow[]> | undefined;

/** What Debian ships for this command under another name or outside a plain user's PATH; null: nothing such. */
export function findAptLink(name: string, bin: string): string | null {
  for (const { answer } of rowsByAptPackage.get(name) ?? []) {
    if (answer.kind === "apt" && answer.links !== undefined && Object.hasOwn(answer.links, bin)) {
      return answer.links[bin] ?? null;
    }
  }
  return null;
}

/** Arguments that make a command print its version, where they are known not to be `--version`. */
export function versionArgsOf(bin: string): readonly string[] | null {
  for (const { versionArgs } of findRows(bin)) {
    if (versionArgs !== undefined && Object.hasOwn(versionArgs, bin)) return versionArgs[bin] ?? null;
  }
  return essentialVersionArgs.get(bin) ?? null;
}

/** Of commands that every Debian image has, so that no row is needed for them. Debian's awk is mawk. */
const essentialVersionArgs = new Map(["awk", "mawk", "nawk"].map((bin) => [bin, ["-W", "version"]] as const));

function groupBy(
  rows: readonly CatalogRow[],
  keysOf: (row: CatalogRow) => readonly string[],
): Map<string, CatalogRow[]> {
  const groups = new Map<string, CatalogRow[]>();
  for (const row of rows) {
    for (const key of keysOf(row)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [row]);
      else group.push(row);
    }
  }
  return groups;
}
