import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { keptSettings } from "../dockerfile/kept-settings.ts";
import type { NetworkSettings } from "../dockerfile/network-settings.ts";
import { unavailableOf } from "../engine/build/build-image-parts.ts";
import type { ImageOutcome } from "../engine/build/build-outcome.ts";
import type { BuildSettings } from "../engine/build-settings.ts";
import type { Engine } from "../engine/engine.ts";
import { type Platform, platforms } from "../plan/image-plan.ts";
import type { FailureReport } from "../report/format-failure.ts";
import type { State } from "../source/open-state.ts";
import { buildPlans, summarise } from "./build-plans.ts";
import type { Outcome, Surroundings } from "./command.ts";
import type { PlanOptions } from "./command-options.ts";
import { exitCodeOfError } from "./exit-code.ts";
import { type PlannedImages, planImages } from "./plan-images.ts";
import type { LeftOut } from "./plan-profile.ts";
import { platformOfProcess } from "./platform-of-process.ts";
import { prepareGround } from "./prepare-ground.ts";
import { readPlanGround } from "./read-plan-ground.ts";
import type { PlanSources } from "./read-plan-sources.ts";

export interface WantedImages {
  readonly sources: PlanSources;
  readonly options: Pick<
    PlanOptions,
    "base" | "tagPrefix" | "accept" | "allow" | "platform" | "baseImage"
  > & {
    readonly refresh: boolean;
    /** Refuses where a skill would be left out. */
    readonly strict: boolean;
  };
  readonly network: NetworkSettings;
  readonly state: State;
  /** Called only when something can be built. */
  readonly connect: () => Promise<Engine>;
  readonly settings: Partial<Pick<BuildSettings, "noCache" | "cacheFrom" | "inlineCache" | "aliases">>;
}

export interface BuiltImages {
  readonly engine: Engine;
  readonly planned: PlannedImages;
  readonly outcomes: readonly ImageOutcome[];
  readonly leftOut: readonly LeftOut[];
  readonly outcome: Outcome;
  /** Of planning, of building, and of each image that failed. */
  readonly diagnostics: readonly (Diagnostic | FailureReport)[];
  /** Of the first image that failed. */
  readonly exitCode: number | null;
  /** Plans an image anew without recipes: see {@link BuildSettings}. */
  readonly replan: BuildSettings["replan"];
}

/**
 * Plans the wanted images, gets the base they stand on, and builds what is not there yet. Throws `BUILD_REFUSED` where
 * nothing usable is left or `strict` forbids what would be left out, before an engine is asked for. What turns out not
 * to be had while it is built is left out then, unless `strict` forbids that, with the skills that require it.
 */
export async function buildWantedImages(
  wanted: WantedImages,
  surroundings: Surroundings,
): Promise<BuiltImages> {
  const { sources, options, network, state } = wanted;
  const { signal, story } = surroundings;
  const platform = options.platform ?? platformOfProcess();
  const remembered = await readPlanGround(state, platform, options.baseImage);
  const kept = keptSettings(network);
  refuseUnusable(planImages(sources, { ...remembered.ground, ...kept }, options), wanted);

  const engine = await wanted.connect();
  const prepared = await prepareGround(engine, state, {
    platform: options.platform ?? platformOfEngine(engine),
    baseImage: options.baseImage,
    refresh: options.refresh,
    network,
    signal,
    story,
  });
  const ground = { ...prepared.ground, ...kept };
  const planned = planImages(sources, ground, options);
  story.diagnostics(planned.diagnostics);
  const replan: BuildSettings["replan"] = (plan, unavailable) => {
    const anew = planImages(sources, { ...ground, unavailable }, options);
    if (options.strict && anew.leftOut.some((skill) => !skill.elsewhere)) return null;
    return anew.plans.find(({ name }) => name === plan.name) ?? null;
  };
  const { outcomes, diagnostics } = await buildPlans(
    { engine, plans: planned.plans, sources, network, state, settings: { ...wanted.settings, replan } },
    surroundings,
  );
  const failure = outcomes.find((outcome) => outcome.status === "failed");
  const leftOut = planned.profiles.flatMap((profile) => {
    const parts = outcomes.find(({ image }) => image === profile.name);
    if (profile.plan === null || parts === undefined || !("leftOut" in parts)) return profile.leftOut;
    const unavailable = unavailableOf(profile.plan, parts.leftOut);
    if (unavailable.kinds.size + unavailable.recipes.size === 0) return profile.leftOut;
    const anew = planImages(sources, { ...ground, unavailable }, options).profiles;
    return anew.find(({ name }) => name === profile.name)?.leftOut ?? [];
  });
  // An image that is there may lack what could not be had when it was built.
  if (failure === undefined) refuseUnusable({ ...planned, leftOut }, wanted);
  return {
    engine,
    planned,
    outcomes,
    leftOut,
    outcome: summarise(outcomes, leftOut),
    diagnostics: [...prepared.diagnostics, ...planned.diagnostics, ...diagnostics],
    exitCode: failure === undefined ? null : exitCodeOfError(failure.code, signal),
    replan,
  };
}

function refuseUnusable({ complete, leftOut, diagnostics }: PlannedImages, { options }: WantedImages): void {
  const lost = leftOut.filter((skill) => !skill.elsewhere);
  if (complete && (!options.strict || lost.length === 0)) return;
  const message = complete
    ? "With --strict nothing is built, since skills would be left out."
    : "Nothing usable is left to build.";
  const names = (complete ? lost : leftOut).map(({ skill, reasons }) => `${skill}: ${reasons.join("; ")}`);
  const hint = names.length > 0 ? ["Correct or leave out these skills:", ...names].join("\n") : "";
  throw new SkillcrateError("BUILD_REFUSED", message, { hint, diagnostics });
}

function platformOfEngine({ info }: Engine): Platform {
  return platforms.find((platform) => platform === info.platform) ?? platformOfProcess();
}
