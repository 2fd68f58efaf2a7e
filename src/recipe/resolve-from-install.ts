import { type Finding, resolved } from "./answer.ts";
import { leavesToHomebrew } from "./brew.ts";
import { upstreamVersion } from "./debian-upstream-version.ts";
import { type Ecosystem, ecosystems, type Provision } from "./ecosystem.ts";
import { isInRange } from "./join-ranges.ts";
import { type CatalogMatch, listsName } from "./match-catalog.ts";
import { publishes } from "./program-of.ts";
import { evidenceOf, provideEntry } from "./provide-entry.ts";
import type { InstallEntry } from "./read-install.ts";
import type { ResolveContext } from "./resolve-context.ts";

/** The cheapest of the skill's own install entries that can be carried out. */
export function resolveFromInstall(
  bin: string,
  entries: readonly InstallEntry[],
  match: CatalogMatch | null,
  context: ResolveContext,
): Finding {
  const tried: string[] = [];
  for (const entry of [...entries].sort(byCost)) {
    if (catalogAnswers(entry, match, context)) continue;
    const attempt = onlyKnown(provideEntry(bin, entry, context), context);
    if ("failure" in attempt) {
      tried.push(attempt.failure);
      continue;
    }
    const evidence = evidenceOf("install", bin, entry);
    return { answer: resolved(attempt, evidence, `the skill's ${entry.key} names it`) };
  }
  return { tried };
}

/** The overlay may know of another archive; a skill's word is not enough for a package that Debian has under no name. */
function onlyKnown(provision: Provision, { debianPackages }: ResolveContext): Provision {
  if ("failure" in provision || provision.recipe.kind !== "apt" || debianPackages === undefined)
    return provision;
  const { package: name, with: companions = [] } = provision.recipe;
  const unknown = [name, ...companions].find(
    (each) => debianPackages.find(each) === null && debianPackages.providersOf(each).length === 0,
  );
  return unknown === undefined ? provision : { failure: `Debian bookworm has no package ${unknown}` };
}

/**
 * Whether the catalog's row speaks for the entry: where nothing else could carry it out, and where its name does not
 * exist in that ecosystem, belongs to another program there, or is the same program at whatever version.
 */
function catalogAnswers(entry: InstallEntry, match: CatalogMatch | null, context: ResolveContext): boolean {
  const { naming, names, ecosystem } = entry;
  if (naming === null || match === null) return false;
  if (ecosystem === null && match.entry === entry && match.certainty === "named") {
    return !leavesToHomebrew(match, context);
  }
  return (
    names.some((name) => listsName(match.row, naming, name)) && !namesOtherVersion(entry, match, context)
  );
}

/** Whether it asks for a version of the row's program that Debian's package, which the row names, is not. */
function namesOtherVersion(
  { ecosystem, packages }: InstallEntry,
  { row }: CatalogMatch,
  { debianPackages }: ResolveContext,
): boolean {
  if (ecosystem === null) return false;
  const { kind } = ecosystem;
  const debian = row.answer.kind === "apt" ? debianPackages?.find(row.answer.package) : null;
  const offered = debian == null ? null : upstreamVersion(debian.version);
  return packages.some(({ name, version, range = "latest" }) => {
    if (!publishes(row, { kind, package: name })) return false;
    if (version !== undefined) return version.replace(/^v/, "") !== offered;
    return range !== "latest" && (offered === null || !isInRange(kind, offered, range));
  });
}

function byCost(left: InstallEntry, right: InstallEntry): number {
  return costRank(left.ecosystem) - costRank(right.ecosystem);
}

function costRank(ecosystem: Ecosystem | null): number {
  return ecosystem === null ? ecosystems.length : ecosystems.indexOf(ecosystem);
}
