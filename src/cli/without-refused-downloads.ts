import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { FailedImage, ImageOutcome } from "../engine/build/build-outcome.ts";
import type { SkillNeeds } from "../recipe/skill-needs.ts";
import type { PlanSources } from "./read-plan-sources.ts";

/**
 * The same sources with every skill refused that asked for a download which a build has refused; null where there is
 * none that was not refused before.
 */
export function withoutRefusedDownloads(
  sources: PlanSources,
  outcomes: readonly ImageOutcome[],
): PlanSources | null {
  const refusals = new Map<string, Diagnostic>();
  for (const outcome of outcomes) {
    if (outcome.status !== "failed" || outcome.code !== "DOWNLOAD_REFUSED") continue;
    for (const diagnostic of toDiagnostics(outcome)) refusals.set(diagnostic.place.file, diagnostic);
  }
  const needs = new Map(sources.needs);
  for (const { dir, file } of sources.profiles.flatMap((profile) => profile.skills)) {
    const refusal = refusals.get(file);
    if (refusal === undefined) continue;
    const known = needs.get(dir) ?? nothing;
    if (known.refusals.some(({ code }) => code === refusal.code)) continue;
    needs.set(dir, { ...known, refusals: [...known.refusals, refusal] });
    refusals.delete(file);
  }
  const isNew = [...needs].some(([dir, need]) => need !== sources.needs.get(dir));
  return isNew ? { ...sources, needs } : null;
}

const nothing: SkillNeeds = { bins: [], libraries: [], refusals: [] };

function toDiagnostics({ message, hint, places }: FailedImage) {
  return places.map((place) => ({
    code: "RECIPE_DOWNLOAD_REFUSED" as const,
    severity: "error" as const,
    message: `${message}.`,
    hint,
    place,
  }));
}
