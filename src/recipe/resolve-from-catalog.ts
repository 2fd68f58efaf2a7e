import { quoteValue } from "../diagnostic/quote-value.ts";
import { type Finding, proposed, resolved, unresolved } from "./answer.ts";
import type { CatalogAnswer, CatalogRow } from "./catalog/catalog-row.ts";
import { describeRecipe } from "./describe-recipe.ts";
import { noDigest } from "./download.ts";
import { type Ecosystem, ecosystems, type Provision } from "./ecosystem.ts";
import type { CatalogMatch } from "./match-catalog.ts";
import { nodeRuntime } from "./node-runtime.ts";
import { unlessFailed } from "./provide-entry.ts";
import type { DownloadRecipe, Evidence } from "./recipe.ts";
import type { RecipePlatform, ResolveContext } from "./resolve-context.ts";

/** What the catalog's row for a command provides; a proposal where it is not sure that the skill means that program. */
export function resolveFromCatalog(
  bin: string,
  match: CatalogMatch | null,
  context: ResolveContext,
): Finding {
  if (match === null) return nothing;
  const { row, certainty } = match;
  if (row.answer.kind === "none") {
    // The row knows of other programs of this name: nothing weaker may answer.
    return certainty === "contradicted" ? nothing : { answer: unresolved(row.why, row.answer.hint) };
  }
  const provision = provideRow(row, bin, context);
  if ("failure" in provision) return { tried: [provision.failure] };
  const name = describeRecipe(provision.recipe);
  const evidence = evidenceOf(match);
  const doubt = doubtOf(match);
  if (doubt === null) return { answer: resolved(provision, evidence, row.why) };
  if (context.accept?.has(bin) === true) {
    return { answer: resolved(provision, evidence, `accepted: ${row.why}`) };
  }
  return { answer: proposed(provision.recipe, evidence, bin, `likely ${name}, but ${doubt}`) };
}

const nothing: Finding = { tried: [] };

function evidenceOf({ row: { why }, certainty, entry }: CatalogMatch): Evidence {
  if (certainty !== "named") return { source: "catalog", detail: why };
  if (entry === null) return { source: "catalog", detail: `${why} (the skill's homepage is the program's)` };
  return { source: "catalog", detail: `${why} (${entry.key} names it)`, place: entry.spec.place };
}

/** Why a person must confirm a row, or null where it is sure. */
function doubtOf({ row, certainty, entry }: CatalogMatch): string | null {
  if (certainty === "ambiguous") return `the name is also that of ${row.confusedWith}`;
  if (certainty !== "contradicted" || entry === null) return null;
  return `${entry.key} names another source: ${entry.spec.declaredKind} ${entry.names.map(quoteValue).join(" ")}`;
}

/** The recipe of a row that has one. */
function provideRow(row: CatalogRow, bin: string, context: ResolveContext): Provision {
  if (row.platforms !== undefined && !row.platforms.includes(context.platform)) {
    return { failure: `it is not made for ${context.platform}` };
  }
  const first = unlessFailed(provideAnswer(row.answer, bin, context), context);
  if (!("failure" in first) || row.otherwise === undefined) return first;
  const second = unlessFailed(provideAnswer(row.otherwise, bin, context), context);
  return "failure" in second ? first : second;
}

function provideAnswer(answer: CatalogAnswer, bin: string, context: ResolveContext): Provision {
  if (answer.kind === "none") return { failure: answer.hint };
  const disabled = context.disabledKinds?.get(answer.kind);
  if (disabled !== undefined) return { failure: disabled };
  if (answer.kind === "node") return { recipe: nodeRuntime };
  if (answer.kind === "download") return provideDownload(answer.recipes[context.platform], context.platform);
  const companions = answer.kind === "apt" ? (answer.with ?? []).map((name) => ({ name })) : [];
  const request = { bin, package: { name: answer.package }, companions, platform: context.platform };
  return ecosystemFor(answer.kind).provide(request);
}

function provideDownload(recipe: DownloadRecipe | undefined, platform: RecipePlatform): Provision {
  if (recipe === undefined) return { failure: `its project publishes nothing for ${platform}` };
  return { recipe, ...(recipe.sha256 === null && { unpinned: noDigest }) };
}

function ecosystemFor(kind: Ecosystem["kind"]): Ecosystem {
  const ecosystem = ecosystems.find((candidate) => candidate.kind === kind);
  if (ecosystem === undefined) throw new RangeError(`no ecosystem ${kind}`);
  return ecosystem;
}
