import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { NetworkSettings } from "../dockerfile/network-settings.ts";
import { type RenderOptions, renderImage } from "../dockerfile/render-image.ts";
import { buildImages } from "../engine/build/build-images.ts";
import type { FailedImage, ImageOutcome } from "../engine/build/build-outcome.ts";
import { type BuildSettings, defaultBuildSettings, type RenderPlan } from "../engine/build-settings.ts";
import type { Engine } from "../engine/engine.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import type { FailureReport } from "../report/format-failure.ts";
import type { State } from "../source/open-state.ts";
import type { Outcome, Surroundings } from "./command.ts";
import type { LeftOut } from "./plan-profile.ts";
import type { PlanSources } from "./read-plan-sources.ts";
import { forgetWaitingUpdates } from "./waiting-updates.ts";

export interface PlansToBuild {
  readonly engine: Engine;
  readonly plans: readonly ImagePlan[];
  readonly sources: Pick<PlanSources, "specs">;
  readonly network: NetworkSettings;
  readonly state: State;
  readonly settings: Partial<
    Pick<BuildSettings, "noCache" | "cacheFrom" | "inlineCache" | "aliases" | "replan">
  >;
}

export interface BuiltPlans {
  readonly outcomes: readonly ImageOutcome[];
  /** What the builds had to say, and why images failed. */
  readonly diagnostics: readonly (Diagnostic | FailureReport)[];
}

/** Builds plans with their progress shown, and remembers what was seen in them. */
export async function buildPlans(
  { engine, plans, sources, network, state, settings }: PlansToBuild,
  { signal, story }: Pick<Surroundings, "signal" | "story">,
): Promise<BuiltPlans> {
  const run = buildImages(engine, plans, {
    ...defaultBuildSettings,
    ...settings,
    render: rendererOf(sources, network, "image"),
    network,
    signal,
    storeFacts: async (facts) => {
      await state.facts(facts.imageId).change(() => facts);
    },
  });
  const told: Diagnostic[] = [];
  const display = story.followBuilds();
  try {
    for await (const event of run) {
      display.event(event);
      if (event.type === "diagnostic") told.push(event.diagnostic);
    }
  } finally {
    display.end();
  }
  const outcomes = await run.outcomes;
  const built = outcomes.filter(({ status }) => status === "built").map(({ tag }) => tag);
  await forgetWaitingUpdates(state, built);
  const failures = outcomes.filter((outcome) => outcome.status === "failed");
  return { outcomes, diagnostics: [...told, ...failures.map(toReport)] };
}

/** Renders plans with the files of their definitions. */
export function rendererOf(
  { specs }: Pick<PlanSources, "specs">,
  network: NetworkSettings,
  part: "image" | "records",
): RenderPlan {
  const contents: RenderOptions["contents"] = Object.assign({}, ...specs.map((loaded) => loaded.contents));
  return (plan, rendering) => renderImage(plan, { rendering, network, contents, part });
}

export function summarise(outcomes: readonly ImageOutcome[], leftOut: readonly LeftOut[]): Outcome {
  if (outcomes.some(({ status }) => status === "cancelled")) return "cancelled";
  if (outcomes.some(({ status }) => status === "failed")) return "failed";
  return leftOut.every((skill) => skill.elsewhere) ? "ok" : "partial";
}

function toReport({ image, code, message, hint, places, log }: FailedImage): FailureReport {
  return { code, severity: "error", message: `${image}: ${message}`, hint, places, log };
}
