import type { Place } from "../../diagnostic/diagnostic.ts";
import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { RenderedImage } from "../../dockerfile/build-context.ts";
import { refusedExitCode, refusedPrefix } from "../../dockerfile/download/fetch-program.ts";
import { silentExitCode } from "../../dockerfile/tree-scripts.ts";
import type { BuildStage, ImagePlan, Layer, Requester } from "../../plan/image-plan.ts";
import type { RecipeKind } from "../../recipe/recipe.ts";
import { nothingUnavailable, type Unavailable } from "../../recipe/unavailable.ts";
import type { BuildEvent } from "../build-event.ts";
import { type BuildSettings, builderOf } from "../build-settings.ts";
import { cancelled } from "../cancelled.ts";
import type { Engine, ImageDetails } from "../engine.ts";
import type { ImageFacts } from "../image-facts.ts";
import { labelImage, requireSameLayers } from "../label/label-image.ts";
import { labelInstruction } from "../label/label-instruction.ts";
import { buildingState, imageLabels } from "../label/label-names.ts";
import { readImageLabels } from "../label/label-reader.ts";
import { labelValues } from "../label/label-values.ts";
import { packagesGone, requireLocked } from "../lock/require-locked.ts";
import { probeImage } from "../probe/probe-image.ts";
import { currentRun } from "../run-identity.ts";
import { discardUnfinished } from "../sweep-leftovers.ts";
import { awaitImageId } from "./await-image-id.ts";
import { findBelow, requireBelow } from "./build-image-below.ts";
import { type ChosenParts, chooseParts } from "./build-image-parts.ts";
import { partOfStep, placesOf, placesOfStep, titleOfStep } from "./build-image-places.ts";
import { publishImage } from "./build-image-publish.ts";
import type { FinishedImage } from "./build-outcome.ts";
import { describeLeftOut } from "./describe-left-out.ts";
import { learnFromFailure } from "./learn-from-failure.ts";
import { renderForBuilder } from "./render-for-builder.ts";

/** One image that is not current. */
export interface BuildJob {
  readonly engine: Engine;
  /** As it was asked for. */
  readonly plan: ImagePlan;
  /** Id of the image that has the tag before the build. */
  readonly replacing: string | null;
  /** Which ecosystems cannot be reached, where this plan needs them. */
  readonly unreachable: (plan: ImagePlan) => Promise<ReadonlyMap<RecipeKind, string>>;
  readonly settings: BuildSettings;
  readonly emit: (event: BuildEvent) => void;
  /** What is known of a failure when an error comes; to be read by whoever catches it. */
  readonly trace: FailureTrace;
}

export interface FailureTrace {
  places: readonly Place[];
  log: readonly string[];
  /** Of the failed step, as the builder names it. */
  title: string;
  /** Of the plan: what the failed step was making. */
  part: BuildStage | Layer | null;
}

/**
 * Builds an image without a tag, probes it by its id, gives it its labels, and tags it last. Whatever fails, the tag
 * stays where it was and nothing half-made is left behind. Throws what failed. An ecosystem that turns out to be out of
 * reach is left out, as one that is known to be so, and so is a recipe whose step fails: the rest comes from the
 * builder's cache.
 */
export async function buildImage(job: BuildJob): Promise<Omit<FinishedImage, "seconds">> {
  const { engine, plan: asked, settings, emit } = job;
  const { signal } = settings;
  if (signal.aborted) throw cancelled(`${asked.name} waited for its turn`);
  emit({ type: "image-started", image: asked.name, tag: asked.tag, hash: asked.hash });
  const before = await findBelow(engine, asked, signal);
  const belowLeftOut = readImageLabels(before)?.leftOut ?? [];
  let unavailable: Unavailable = { ...nothingUnavailable, kinds: await job.unreachable(asked) };
  const told = new Set<string>();
  for (;;) {
    const parts = chooseParts(asked, belowLeftOut, unavailable, settings.replan);
    for (const diagnostic of describeLeftOut(asked, parts.leftOut)) {
      const key = JSON.stringify(diagnostic);
      if (told.has(key)) continue;
      told.add(key);
      emit({ type: "diagnostic", image: asked.name, diagnostic });
    }
    try {
      return await buildParts(job, parts, before);
    } catch (error) {
      const more = isStepFailure(error) ? learnFromFailure(job, parts.plan, unavailable) : null;
      if (more === null) throw error;
      unavailable = more;
    }
  }
}

function isStepFailure(error: unknown): boolean {
  return (
    error instanceof SkillcrateError && (error.code === "BUILD_FAILED" || error.code === "DOWNLOAD_REFUSED")
  );
}

async function buildParts(
  job: BuildJob,
  { plan, leftOut }: ChosenParts,
  before: ImageDetails,
): Promise<Omit<FinishedImage, "seconds">> {
  const { engine, plan: asked, settings } = job;
  const { signal } = settings;
  const rendered = render(job, plan);
  const unfinished = new Set<string>();
  try {
    const { image: built, stages } = await buildUntagged(job, plan, rendered, {
      [imageLabels.state]: `${buildingState} ${currentRun()}`,
    });
    unfinished.add(built.id);
    const below = await requireBelow(engine, plan, before, built, signal);
    const facts = await probe(job, plan, built);
    requireLocked(plan, facts);
    const labelled = await label(
      job,
      plan,
      rendered,
      built,
      labelValues({ plan: asked, below, built, facts, leftOut, stages }),
    );
    unfinished.add(labelled.id);
    return await publishImage(job, labelled, { ...facts, imageId: labelled.id });
  } finally {
    await discardUnfinished(engine, unfinished);
  }
}

function render({ plan: { name }, settings, engine, emit }: BuildJob, plan: ImagePlan): RenderedImage {
  const { image, diagnostics } = renderForBuilder(plan, builderOf(settings, engine.info), settings.render);
  for (const diagnostic of diagnostics) emit({ type: "diagnostic", image: name, diagnostic });
  return image;
}

/** The labels are a last instruction, which adds no layer. */
async function buildUntagged(
  job: BuildJob,
  plan: ImagePlan,
  rendered: RenderedImage,
  labels: Readonly<Record<string, string>>,
  noCache: boolean = job.settings.noCache(job.plan),
): Promise<{ readonly image: ImageDetails; readonly stages: readonly string[] }> {
  const { engine, settings, emit, trace } = job;
  const content = new TextEncoder().encode(`${rendered.dockerfile.trimEnd()}\n${labelInstruction(labels)}\n`);
  const build = engine.builds.build({
    context: rendered.context.map((file) => (file.path === "Dockerfile" ? { ...file, content } : file)),
    buildArgs: rendered.buildArgs,
    platform: engine.info.platform === plan.platform ? null : plan.platform,
    builder: builderOf(settings, engine.info),
    cacheFrom: settings.cacheFrom,
    inlineCache: settings.inlineCache,
    noCache,
    target: null,
    signal: settings.signal,
  });
  let failedStep = "";
  let stages: readonly string[] = [];
  const id = await awaitImageId(build, (event) => {
    const title = "title" in event ? { title: titleOfStep(plan, rendered, event.title) } : {};
    emit({ ...event, ...title, image: plan.name });
    if (event.type === "image-id") stages = event.stages;
    if (event.type !== "step-failed") return;
    failedStep = title.title ?? event.title;
    trace.log = event.log;
    trace.places = placesOfStep(plan, rendered, event.title);
    trace.title = event.title;
    trace.part = partOfStep(plan, rendered, event.title);
  }).catch((error: unknown) => {
    throw inPlanWords(error, failedStep, trace.log);
  });
  return { image: await inspectOwn(engine, id, settings.signal), stages };
}

/** Builders repeat the whole script of a step that failed; which part of the plan it was, and how it ended, say more. */
function inPlanWords(error: unknown, step: string, log: readonly string[]): unknown {
  if (!(error instanceof SkillcrateError) || error.code !== "BUILD_FAILED") return error;
  const exitCode = /(?:exit code|non-zero code): (\d+)\s*$/.exec(error.message)?.[1];
  if (exitCode === undefined || step === "") return error;
  const known =
    packagesGone(step, exitCode, log) ??
    downloadRefused(step, exitCode, log) ??
    registrySilent(step, exitCode);
  if (known !== null) return known;
  const { hint } = error;
  return new SkillcrateError("BUILD_FAILED", `${step} ended with exit code ${exitCode}`, {
    hint,
    cause: error,
  });
}

/** A download that is at fault itself, in the words of the program that fetched it. */
function downloadRefused(step: string, exitCode: string, log: readonly string[]): SkillcrateError | null {
  if (Number(exitCode) !== refusedExitCode || !step.startsWith("download ")) return null;
  const line = log.findLast((text) => text.includes(refusedPrefix)) ?? "";
  const reason = escapeText(line.slice(line.indexOf(refusedPrefix) + refusedPrefix.length));
  return new SkillcrateError("DOWNLOAD_REFUSED", `${step} is refused: ${reason}`, {
    hint: "Correct the address or the digest in the skill's install entry, or leave the skill out.",
  });
}

/** npm has asked its registry again, and had no answer: no package is to blame. */
function registrySilent(step: string, exitCode: string): SkillcrateError | null {
  if (Number(exitCode) !== silentExitCode || !/^(?:npm |node)/.test(step)) return null;
  return new SkillcrateError("ECOSYSTEM_UNREACHABLE", `${step}: the npm registry does not answer`, {
    hint: "Try again, or name a registry or a proxy that containers can reach (--npm-registry, --https-proxy).",
  });
}

async function probe(job: BuildJob, plan: ImagePlan, built: ImageDetails): Promise<ImageFacts> {
  const { engine, settings, emit, trace } = job;
  const { libraries = [] } = plan;
  emit({
    type: "probe-started",
    image: plan.name,
    binaries: plan.promises.length,
    libraries: libraries.length,
  });
  const facts = await probeImage(engine, built.id, plan.promises, {
    signal: settings.signal,
    libraries,
    onBinary: (binary) => emit({ type: "binary-probed", image: plan.name, facts: binary }),
    onLibrary: (library) => emit({ type: "library-probed", image: plan.name, facts: library }),
  });
  const broken = [
    ...facts.binaries.filter(({ ok }) => !ok),
    ...(facts.libraries ?? []).filter(({ ok }) => !ok),
  ];
  if (broken.length === 0) return facts;
  trace.places = placesOf(requestersOfBroken(plan, facts));
  const shown = broken.slice(0, mostShown).map(({ name, problem }) => `${name}: ${problem}`);
  const more = broken.length > mostShown ? [`and ${broken.length - mostShown} more`] : [];
  const list = [...shown, ...more].join("; ");
  const what = libraries.length === 0 ? "binaries" : "binaries and libraries";
  throw new SkillcrateError(
    "PROBE_FAILED",
    `${broken.length} of ${facts.binaries.length + libraries.length} ${what} do not work in ${plan.name}: ${list}`,
    { hint: "Correct the recipe of each, for instance in skillcrate.json5, or take it out of the skill." },
  );
}

function requestersOfBroken({ promises, libraries = [] }: ImagePlan, facts: ImageFacts): Requester[] {
  const bins = new Set(facts.binaries.filter(({ ok }) => !ok).map(({ name }) => name));
  return [
    ...promises.filter(({ name }) => bins.has(name)),
    // Facts are in the order of the promises.
    ...libraries.filter((_, index) => facts.libraries?.[index]?.ok === false),
  ].flatMap((promise) => promise.requestedBy);
}

/** Each binary is an event of its own besides. */
const mostShown = 10;

/**
 * An image made from another one loses the cache metadata that BuildKit put in. Where they are wanted, the build is
 * repeated with the other labels, every step of it cached.
 */
async function label(
  job: BuildJob,
  plan: ImagePlan,
  rendered: RenderedImage,
  built: ImageDetails,
  labels: Readonly<Record<string, string>>,
): Promise<ImageDetails> {
  const { engine, settings } = job;
  const cacheInside = settings.inlineCache && builderOf(settings, engine.info) === "buildkit";
  if (!cacheInside) return await labelImage(engine, built, labels, settings.signal);
  const { image: labelled } = await buildUntagged(job, plan, rendered, labels, false);
  requireSameLayers(built, labelled);
  return labelled;
}

async function inspectOwn(engine: Engine, id: string, signal: AbortSignal): Promise<ImageDetails> {
  const image = await engine.images.inspect(id, signal);
  if (image !== null) return image;
  throw new SkillcrateError("IMAGE_NOT_FOUND", "the engine lost an image right after it was built", {
    hint: "Something else removes images without a tag on this engine. Run it again when that has ended.",
  });
}
