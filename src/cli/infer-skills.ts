import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import { inferNeeds } from "../infer/infer-needs.ts";
import type { Confidence, InferResult, Inferred } from "../infer/inferred.ts";
import { essentialBins } from "../recipe/catalog/essential-bins.ts";
import { correctSkill } from "../recipe/correct-skill.ts";
import { inferredLibrary } from "../recipe/inferred-library.ts";
import type { WantedLibrary } from "../recipe/library.ts";
import type { LibraryRecipe, Recipe, ResolutionStatus } from "../recipe/recipe.ts";
import type { ResolveContext } from "../recipe/resolve-context.ts";
import { resolveLibraries } from "../recipe/resolve-libraries.ts";
import { resolveRequirements } from "../recipe/resolve-requirements.ts";
import type { Skill } from "../skill/skill.ts";
import { readSkillFiles } from "../source/read-skill-files.ts";

/** One thing that a skill uses and does not declare, and what would provide it. */
export interface InferredRow {
  readonly skill: string;
  /** The skill's folder: names repeat, folders do not. */
  readonly dir: string;
  readonly kind: Inferred["kind"];
  readonly name: string;
  /** Python: whether the name is what programs import, or what the package index calls it. */
  readonly naming: "module" | "distribution" | null;
  readonly versionRange: string | null;
  readonly extras: readonly string[];
  readonly confidence: Confidence;
  readonly evidence: string;
  readonly place: Place;
  readonly status: ResolutionStatus;
  readonly recipe: Recipe | LibraryRecipe | null;
  /** One line for people: why this status. */
  readonly reason: string;
  /** What programs import it as, where that is known; null for commands. */
  readonly module: string | null;
}

export interface InferredSkills {
  /** Sorted by skill, folder, kind, name. */
  readonly rows: readonly InferredRow[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what each skill uses besides what it and the overlay declare, and asks what would provide it. */
export async function inferSkills(
  skills: readonly Skill[],
  context: ResolveContext,
  signal: AbortSignal,
): Promise<InferredSkills> {
  const byDir = new Map(skills.filter(isForLinux).map((skill) => [skill.dir, skill]));
  const rows: InferredRow[] = [];
  const diagnostics: Diagnostic[] = [];
  for await (const read of readSkillFiles(byDir.keys(), { texts: true, signal })) {
    const skill = byDir.get(read.dir);
    if (skill === undefined) continue;
    const inferred = inferNeeds(correctSkill(skill, context.overlay).skill, read.files, {
      hasBin: (bin) => essentialBins.has(bin),
    });
    rows.push(...resolveNeeds(skill, withoutKnown(skill, inferred, context), context));
    diagnostics.push(...read.diagnostics, ...inferred.diagnostics);
  }
  return { rows: rows.sort(byRow), diagnostics };
}

function isForLinux({ state, os }: Skill): boolean {
  return state !== "invalid" && (os.length === 0 || os.includes("linux"));
}

/** What the overlay asks for already, or says not to ask for. */
function withoutKnown(
  skill: Skill,
  { needs }: InferResult,
  { overlay }: ResolveContext,
): readonly Inferred[] {
  const { corrections } = correctSkill(skill, overlay);
  const known = new Set(
    corrections.flatMap(({ requires, ignore }) => [
      ...ignore.bins.map((name) => `bin ${name}`),
      ...[...ignore.python, ...requires.python.map(({ name }) => name)].map((name) => `python ${name}`),
      ...requires.python.map(({ package: name }) => `python ${name ?? ""}`),
      ...[...ignore.node, ...requires.node.map(({ name }) => name)].map((name) => `node ${name}`),
    ]),
  );
  return needs.filter(({ kind, name }) => !known.has(`${kind} ${name}`));
}

function resolveNeeds(skill: Skill, needs: readonly Inferred[], context: ResolveContext): InferredRow[] {
  const bins = needs.flatMap((need) => (need.kind === "bin" ? [need.name] : []));
  const asking = { ...skill, requires: { ...skill.requires, bins, anyBins: [] } };
  const commands = new Map(
    resolveRequirements([asking], context).resolutions.map((row) => [row.bin, row] as const),
  );
  const wanted = needs.flatMap((need) => (need.kind === "bin" ? [] : [inferredLibrary(need)]));
  const { name, dir } = skill;
  const { libraries } = resolveLibraries([{ skill: name, dir, exclusion: null, wanted }], context);
  const libraryOf = ({ language, name: library, naming }: WantedLibrary) =>
    libraries.find((row) => row.language === language && row.library === library && row.naming === naming);
  return needs.map((need): InferredRow => {
    const library = need.kind === "bin" ? undefined : libraryOf(inferredLibrary(need));
    const found = need.kind === "bin" ? commands.get(need.name) : library;
    return {
      skill: name,
      dir,
      kind: need.kind,
      name: need.name,
      naming: need.kind === "python" ? need.naming : null,
      versionRange: need.kind === "bin" ? null : (need.versionRange ?? null),
      extras: need.kind === "python" ? (need.extras ?? []) : [],
      confidence: need.confidence,
      evidence: need.evidence,
      place: need.place,
      status: found?.status ?? "unresolved",
      recipe: found?.recipe ?? null,
      reason: found?.reason ?? "nothing is known of it",
      module: library?.promise?.naming === "module" ? library.promise.name : null,
    };
  });
}

function byRow(left: InferredRow, right: InferredRow): number {
  return (
    compareText(left.skill, right.skill) ||
    compareText(left.dir, right.dir) ||
    compareText(left.kind, right.kind) ||
    compareText(left.name, right.name)
  );
}
