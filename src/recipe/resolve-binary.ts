import type { Skill } from "../skill/skill.ts";
import { type Answer, type Finding, present, resolved, unresolved } from "./answer.ts";
import { essentialBins } from "./catalog/essential-bins.ts";
import { entriesFor } from "./entries-for.ts";
import { findNearNames } from "./find-near-names.ts";
import { matchCatalog } from "./match-catalog.ts";
import { proposeFromIndex } from "./propose-from-index.ts";
import type { InstallEntry } from "./read-install.ts";
import type { Evidence } from "./recipe.ts";
import type { ResolveContext } from "./resolve-context.ts";
import { resolveFromCatalog } from "./resolve-from-catalog.ts";
import { resolveFromInstall } from "./resolve-from-install.ts";

/** Asks each kind of evidence in turn, strongest first, and takes the first answer. */
export function resolveBinary(
  skill: Skill,
  bin: string,
  install: readonly InstallEntry[],
  context: ResolveContext,
): Answer {
  const entries = entriesFor(bin, install);
  const match = matchCatalog(bin, entries);
  const tried: string[] = [];
  const evidence = [
    () => findInImage(bin, context),
    () => findInOverlay(skill, bin, context),
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

function findInOverlay(skill: Skill, bin: string, { overlay }: ResolveContext): Finding {
  const found = overlay?.recipeFor(skill, bin) ?? null;
  if (found === null) return nothing;
  const evidence: Evidence = { source: "overlay", detail: found.detail };
  return { answer: resolved({ recipe: found.recipe }, evidence, `the overlay says so: ${found.detail}`) };
}

function giveUp(bin: string, tried: readonly string[]): Answer {
  const reasons = tried.length > 0 ? [...new Set(tried)] : [unknown];
  const near = findNearNames(bin);
  const question = near.length > 0 ? `Did you mean ${near.join(" or ")}? ` : "";
  const another = tried.length > 0 ? "another install entry" : "an install entry of kind apt, node or uv";
  const hint = `${question}Write ${another} that lists it in bins, or build on an image that has it (--base-image)`;
  return unresolved(reasons.join("; "), hint);
}

const unknown = "the skill has no install entry for it, and the catalog does not know it";
