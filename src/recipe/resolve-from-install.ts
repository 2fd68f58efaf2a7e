import { quoteValue } from "../diagnostic/quote-value.ts";
import { type Finding, resolved } from "./answer.ts";
import { type DeclaredPackage, type Ecosystem, ecosystems, type Provision } from "./ecosystem.ts";
import { findPackage } from "./entries-for.ts";
import { type CatalogMatch, listsName } from "./match-catalog.ts";
import type { InstallEntry } from "./read-install.ts";
import type { Evidence } from "./recipe.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { whyNotBuilt } from "./unbuilt-kinds.ts";

/** The cheapest of the skill's own install entries that can be carried out. */
export function resolveFromInstall(
  bin: string,
  entries: readonly InstallEntry[],
  match: CatalogMatch | null,
  context: ResolveContext,
): Finding {
  const tried: string[] = [];
  for (const entry of [...entries].sort(byCost)) {
    if (catalogAnswers(entry, match)) continue;
    const attempt = provideEntry(bin, entry, context);
    if ("failure" in attempt) {
      tried.push(attempt.failure);
      continue;
    }
    const detail = `${entry.key}: ${entry.spec.declaredKind} ${entry.names.map(quoteValue).join(" ")}`;
    const evidence: Evidence = { source: "install", detail, place: entry.spec.place };
    return { answer: resolved(attempt, evidence, `the skill's ${entry.key} names it`) };
  }
  return { tried };
}

/**
 * Whether the catalog's row speaks for the entry: where nothing else could carry it out, and where its name does not
 * exist in that ecosystem or belongs to another program there.
 */
function catalogAnswers(entry: InstallEntry, match: CatalogMatch | null): boolean {
  const { naming, names, ecosystem } = entry;
  if (naming === null || match === null) return false;
  if (ecosystem === null && match.entry === entry && match.certainty === "named") return true;
  return names.some((name) => listsName(match.row, naming, name));
}

function byCost(left: InstallEntry, right: InstallEntry): number {
  return costRank(left.ecosystem) - costRank(right.ecosystem);
}

function costRank(ecosystem: Ecosystem | null): number {
  return ecosystem === null ? ecosystems.length : ecosystems.indexOf(ecosystem);
}

function provideEntry(bin: string, entry: InstallEntry, context: ResolveContext): Provision {
  const { ecosystem, packages } = entry;
  if (ecosystem === null) {
    return { failure: `${entry.key}: ${whyNotBuilt(entry.spec.kind, entry.spec.declaredKind)}` };
  }
  const disabled = context.disabledKinds?.get(ecosystem.kind);
  if (disabled !== undefined) return { failure: disabled };
  const wanted = findPackage(bin, entry) ?? packages[0];
  if (wanted === undefined) return { failure: `${entry.key}: it names no package` };
  const companions = companionsOf(wanted, entry);
  return ecosystem.provide({ bin, package: wanted, companions, platform: context.platform });
}

/** The other packages of the entry, without those that give its other commands. */
function companionsOf(wanted: DeclaredPackage, entry: InstallEntry): DeclaredPackage[] {
  const providers = new Set(entry.spec.bins.map((bin) => findPackage(bin, entry)?.name));
  return entry.packages.filter(({ name }) => name !== wanted.name && !providers.has(name));
}
