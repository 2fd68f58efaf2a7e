import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { debianPackages } from "../recipe/debian-packages.ts";
import type { CommandContext } from "./command.ts";
import type { whyOptions } from "./command-options.ts";
import type { TraceInput } from "./find-traces.ts";
import { planImages } from "./plan-images.ts";
import { platformOfProcess } from "./platform-of-process.ts";
import { predictPlannedSizes } from "./predict-planned-sizes.ts";
import { readLockedSizes } from "./read-locked-sizes.ts";
import { openDefaultState, readPlanGround } from "./read-plan-ground.ts";
import { type PlanSources, readPlanSources } from "./read-plan-sources.ts";
import { readUserOverlay } from "./read-user-overlay.ts";

/** Plans what PATHS ask for, and what is known of it, without an engine. */
export async function readTraceInput(
  { options, ...surroundings }: CommandContext<typeof whyOptions>,
  paths: readonly string[],
): Promise<TraceInput & { readonly sources: PlanSources; readonly diagnostics: readonly Diagnostic[] }> {
  const user = await readUserOverlay(options.config, surroundings);
  const sources = await readPlanSources(paths, options, surroundings, ["skills"], user);
  const platform = options.platform ?? platformOfProcess();
  const state = openDefaultState(surroundings);
  const { ground, diagnostics } = await readPlanGround(state, platform, options.baseImage);
  const planned = planImages(sources, ground, options);
  const locked = await readLockedSizes(sources, platform);
  return {
    planned,
    sized: predictPlannedSizes(planned, sources.debian, ground, locked.sizes),
    packages: debianPackages(sources.debian, platform),
    sources,
    diagnostics: diagnostics.filter(({ severity }) => severity === "error"),
  };
}
