import { compareText } from "../../diagnostic/compare-text.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ImagePlan, Layer } from "../../plan/image-plan.ts";
import type { Resolution } from "../../recipe/recipe.ts";
import { formatTrace, type Trace } from "../../report/format-trace.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { whyOptions } from "../command-options.ts";
import { type PlannedImages, planImages } from "../plan-images.ts";
import { platformOfProcess } from "../platform-of-process.ts";
import { openDefaultState, readPlanGround } from "../read-plan-ground.ts";
import { readPlanSources } from "../read-plan-sources.ts";
import { readUserOverlay } from "../read-user-overlay.ts";

/** Traces one binary: who asks for it, on what evidence, from which recipe, in which layer of which image. */
export async function why(context: CommandContext<typeof whyOptions>): Promise<CommandOutput> {
  const { options } = context;
  const [bin = "", ...paths] = context.args;
  const user = await readUserOverlay(options.config, context);
  const sources = await readPlanSources(paths, options, context, ["skills"], user);
  const platform = options.platform ?? platformOfProcess();
  const { ground, diagnostics } = await readPlanGround(
    openDefaultState(context),
    platform,
    options.baseImage,
  );
  const planned = planImages(sources, ground, options);
  const traces = [...tracesOfSkills(bin, planned), ...tracesOfDefinitions(bin, planned.plans)];
  if (traces.length === 0) throw nobodyAsks(bin, planned);
  return {
    outcome: "ok",
    diagnostics: diagnostics.filter((diagnostic) => diagnostic.severity === "error"),
    result: { bin, traces },
    text: (style) => traces.map((trace) => formatTrace(trace, style, context.cwd)).join("\n\n"),
  };
}

function tracesOfSkills(bin: string, { resolutions, plans }: PlannedImages): Trace[] {
  return resolutions
    .filter((resolution) => resolution.bin === bin)
    .map((resolution) => ({
      bin,
      requester: resolution.skill,
      place: resolution.place ?? null,
      status: resolution.status,
      evidence: resolution.evidence,
      recipe: resolution.recipe,
      reason: resolution.reason,
      layers: layersFor(resolution, plans),
    }));
}

/** What a built-in image brings by itself. */
function tracesOfDefinitions(bin: string, plans: readonly ImagePlan[]): Trace[] {
  return plans.flatMap((plan) =>
    plan.promises
      .filter((promise) => promise.name === bin)
      .flatMap((promise) => promise.requestedBy)
      .filter((requester) => requester.skill.startsWith("images/"))
      .map((requester) => ({
        bin,
        requester: requester.skill,
        place: requester.place ?? null,
        status: "resolved" as const,
        evidence: null,
        recipe: null,
        reason: `the image definition ${requester.skill} lists it`,
        layers: findLayers(plan, (layer) => asksFor(layer, requester.skill, bin)),
      })),
  );
}

/** A binary that is present comes from whoever brought it: then every layer that was made for it counts. */
function layersFor({ skill, bin, status }: Resolution, plans: readonly ImagePlan[]): Trace["layers"] {
  if (status !== "resolved" && status !== "present") return [];
  return plans.flatMap((plan) =>
    findLayers(plan, (layer) => asksFor(layer, status === "present" ? null : skill, bin)),
  );
}

function findLayers(plan: ImagePlan, matches: (layer: Layer) => boolean): Trace["layers"] {
  return plan.layers
    .filter(matches)
    .map(({ id, title }) => ({ image: plan.name, tag: plan.tag, layer: id, title }));
}

function asksFor(layer: Layer, skill: string | null, bin: string): boolean {
  return layer.requestedBy.some(
    (requester) => requester.bin === bin && (skill === null || requester.skill === skill),
  );
}

function nobodyAsks(bin: string, { resolutions, plans }: PlannedImages): SkillcrateError {
  const promised = plans.flatMap((plan) => plan.promises.map((promise) => promise.name));
  const known = [...new Set([...resolutions.map((resolution) => resolution.bin), ...promised])].sort(
    compareText,
  );
  return new SkillcrateError(
    "INPUT_INVALID",
    `No skill and no image definition asks for ${quoteValue(bin)}.`,
    {
      hint: `Asked for: ${known.join(" ")}`,
    },
  );
}
