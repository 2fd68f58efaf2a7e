import { quoteValue } from "../diagnostic/quote-value.ts";
import { provideFormula } from "./brew.ts";
import type { DeclaredPackage, Provision } from "./ecosystem.ts";
import { findPackage } from "./entries-for.ts";
import type { InstallEntry } from "./read-install.ts";
import type { Evidence } from "./recipe.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { whyUnavailable } from "./unavailable.ts";
import { whyNotBuilt } from "./unbuilt-kinds.ts";
import { companionsOf as companionsIn } from "./unite-companions.ts";

/** What one install entry gives for a command, or why it gives nothing. */
export function provideEntry(bin: string, entry: InstallEntry, context: ResolveContext): Provision {
  const { ecosystem } = entry;
  if (entry.spec.kind === "brew") return unlessFailed(provideFormula(bin, entry, context), context);
  if (ecosystem === null) {
    return { failure: `${entry.key}: ${whyNotBuilt(entry.spec.declaredKind)}` };
  }
  const disabled = context.disabledKinds?.get(ecosystem.kind);
  if (disabled !== undefined) return { failure: disabled };
  const wanted = wantedPackage(bin, entry);
  if (wanted === undefined) return { failure: `${entry.key}: it names no package` };
  const companions = companionsOf(wanted, entry);
  const provision = ecosystem.provide({ bin, package: wanted, companions, platform: context.platform });
  return unlessFailed(toldOpen(provision), context);
}

/** A tree is as open as what goes into it beside its own package. */
function toldOpen(provision: Provision): Provision {
  if ("failure" in provision || provision.unpinned !== undefined) return provision;
  const open = companionsIn(provision.recipe).filter(({ version }) => version === undefined);
  if (open.length === 0) return provision;
  const names = open.map((companion) => companion.package).join(" and ");
  return {
    ...provision,
    unpinned: `${names} beside it has no exact version, so every build takes the newest that fits`,
  };
}

/** What is provided, unless a build has shown that it cannot be carried out. */
export function unlessFailed(
  provision: Provision,
  context: Pick<ResolveContext, "failedRecipes">,
): Provision {
  const failure = "failure" in provision ? null : whyUnavailable(provision.recipe, context);
  return failure === null ? provision : { failure };
}

/** An install entry as what a resolution rests on. */
export function evidenceOf(source: "install" | "overlay", bin: string, entry: InstallEntry): Evidence {
  const { key, spec, names } = entry;
  const wanted = wantedPackage(bin, entry);
  const version = wanted?.version ?? wanted?.file?.sha256 ?? undefined;
  return {
    source,
    detail: `${key}: ${spec.declaredKind} ${names.map(quoteValue).join(" ")}`,
    place: spec.place,
    ...(version !== undefined && { version }),
    ...(wanted?.range !== undefined && { range: wanted.range }),
  };
}

function wantedPackage(bin: string, entry: InstallEntry): DeclaredPackage | undefined {
  return findPackage(bin, entry) ?? entry.packages[0];
}

/** The other packages of the entry, without those that give its other commands. */
function companionsOf(wanted: DeclaredPackage, entry: InstallEntry): DeclaredPackage[] {
  const providers = new Set(entry.spec.bins.map((bin) => findPackage(bin, entry)?.name));
  return entry.packages.filter(({ name }) => name !== wanted.name && !providers.has(name));
}
