import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { InferredBin } from "../infer/inferred.ts";
import { essentialBins } from "../recipe/catalog/essential-bins.ts";
import { inferredLibrary } from "../recipe/inferred-library.ts";
import type { NeededBin, SkillNeeds } from "../recipe/skill-needs.ts";
import type { Skill } from "../skill/skill.ts";

export interface ReadNeedsResult {
  /** By the skill's folder. */
  readonly needs: ReadonlyMap<string, SkillNeeds>;
  /** Of reading, and warnings about how dependencies are written. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what the files of each skill use for certain. Skills of other systems, and invalid ones, are passed over. */
export async function readSkillNeeds(
  skills: readonly Skill[],
  signal: AbortSignal,
): Promise<ReadNeedsResult> {
  const [{ inferNeeds }, { readSkillFiles }] = await Promise.all([
    import("../infer/infer-needs.ts"),
    import("../source/read-skill-files.ts"),
  ]);
  const byDir = new Map(skills.filter(isForLinux).map((skill) => [skill.dir, skill]));
  const needs = new Map<string, SkillNeeds>();
  const diagnostics: Diagnostic[] = [];
  for await (const read of readSkillFiles(byDir.keys(), { signal })) {
    const skill = byDir.get(read.dir);
    if (skill === undefined) continue;
    const inferred = inferNeeds(skill, read.files, { hasBin: (bin) => essentialBins.has(bin) });
    const certain = inferred.needs.filter(({ confidence }) => confidence === "certain");
    needs.set(skill.dir, {
      bins: certain.flatMap((need) => (need.kind === "bin" ? [toNeededBin(need)] : [])),
      libraries: certain.flatMap((need) => (need.kind === "bin" ? [] : [inferredLibrary(need)])),
      refusals: inferred.diagnostics.filter(({ severity }) => severity === "error"),
    });
    diagnostics.push(
      ...read.diagnostics,
      ...inferred.diagnostics.filter(({ severity }) => severity !== "error"),
    );
  }
  return { needs, diagnostics };
}

function isForLinux({ state, os }: Skill): boolean {
  return state !== "invalid" && (os.length === 0 || os.includes("linux"));
}

function toNeededBin({ name, evidence, place }: InferredBin): NeededBin {
  return { name, because: evidence, place };
}
