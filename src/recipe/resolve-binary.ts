import { type Answer, type Finding, present, unresolved } from "./answer.ts";
import { essentialBins } from "./catalog/essential-bins.ts";
import { entriesFor } from "./entries-for.ts";
import { findNearNames } from "./find-near-names.ts";
import { matchCatalog } from "./match-catalog.ts";
import { proposeFromIndex } from "./propose-from-index.ts";
import type { InstallEntry } from "./read-install.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { resolveFromCatalog } from "./resolve-from-catalog.ts";
import { resolveFromInstall } from "./resolve-from-install.ts";
import { resolveFromOverlay } from "./resolve-from-overlay.ts";

/** What is said of where a command comes from. */
export interface SaidOfBinary {
  /** The overlay's entries for it, strongest first. */
  readonly overlay: readonly InstallEntry[];
  /** All entries of the skill. */
  readonly install: readonly InstallEntry[];
  readonly homepage: string | undefined;
}

/** Asks each kind of evidence in turn, strongest first, and takes the first answer. */
export function resolveBinary(bin: string, said: SaidOfBinary, context: ResolveContext): Answer {
  const entries = entriesFor(bin, said.install);
  const match = matchCatalog(bin, entries, said.homepage);
  const tried: string[] = [];
  const evidence = [
    () => findInImage(bin, context),
    () => resolveFromOverlay(bin, said.overlay, context),
    () => resolveFromInstall(bin, entries, match, context),
    () => resolveFromCatalog(bin, match, context),
    () => proposeFromIndex(bin, context),
  ];
  for (const ask of evidence) {
    const finding = ask();
    if ("answer" in finding) return finding.answer;
    tried.push(...finding.tried);
  }
  return giveUp(bin, tried);
}

const nothing: Finding = { tried: [] };

function findInImage(bin: string, { below }: ResolveContext): Finding {
  const image = below.get(bin);
  if (image !== undefined) return { answer: present(`the image ${image} below has it`) };
  const name = essentialBins.get(bin);
  return name === undefined
    ? nothing
    : { answer: present(`every Debian image has it, from the package ${name}`) };
}

function giveUp(bin: string, tried: readonly string[]): Answer {
  const reasons = tried.length > 0 ? [...new Set(tried)] : [unknown];
  const near = findNearNames(bin);
  const question = near.length > 0 ? `Did you mean ${near.join(" or ")}? ` : "";
  const entry = `${JSON.stringify(bin)}: { kind: "apt", package: "…" }`;
  const hint = `${question}Say in skillcrate.json5 where it comes from, as in bins: { ${entry} }, or in an install entry of the skill, or build on an image that has it (--base-image)`;
  return unresolved(reasons.join("; "), hint);
}

const unknown = "the skill has no install entry for it, and the catalog does not know it";
