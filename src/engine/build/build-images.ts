import { setMaxListeners } from "node:events";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { imageChain } from "../../plan/image-chain.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import type { BuildEvent } from "../build-event.ts";
import { type BuildSettings, builderOf } from "../build-settings.ts";
import type { Engine, ImageDetails } from "../engine.ts";
import { plainTag } from "../label/plain-tag.ts";
import { unreachableEcosystems } from "../network/reachability.ts";
import { sweepLeftovers } from "../sweep-leftovers.ts";
import { type BuildJob, buildImage, type FailureTrace } from "./build-image.ts";
import { pythonStages } from "./build-image-parts.ts";
import { describeFinished, isCurrent } from "./build-image-publish.ts";
import type { FailedImage, FinishedImage, ImageOutcome } from "./build-outcome.ts";
import { describeLeftOut } from "./describe-left-out.ts";
import { createEventQueue } from "./event-queue.ts";
import { fetchAhead } from "./fetch-ahead.ts";
import { limitConcurrency } from "./limit-concurrency.ts";

/** Builds that are going on: what happens, for one reader, and how each image came out, in the plans' order. */
export interface BuildRun extends AsyncIterable<BuildEvent> {
  readonly outcomes: Promise<readonly ImageOutcome[]>;
}

/**
 * Makes every plan's tag lead to an image of that plan whose promises have been kept. What is current already costs
 * one inspect; if all are, nothing else is asked of the engine. Otherwise each image is built after the one below it,
 * and those that do not depend on each other side by side.
 *
 * An image that fails is an outcome, not an error; those above it fail with it and the others go on. Reading stops the
 * builds when it is broken off, as the signal does. Both the reading and `outcomes` throw where the engine cannot be
 * asked at all.
 */
export function buildImages(engine: Engine, plans: readonly ImagePlan[], settings: BuildSettings): BuildRun {
  const queue = createEventQueue<BuildEvent>();
  const stopper = new AbortController();
  const signal = AbortSignal.any([settings.signal, stopper.signal]);
  // One for each request that is going on: how many there are is no sign of a leak.
  setMaxListeners(0, signal);
  const outcomes = buildAll({ engine, plans, settings: { ...settings, signal }, emit: queue.push });
  outcomes.then(queue.end, (error) => {
    stopper.abort();
    queue.fail(error);
  });
  async function* read(): AsyncGenerator<BuildEvent, void, undefined> {
    try {
      yield* queue.values;
    } finally {
      stopper.abort();
      await outcomes;
    }
  }
  return { outcomes, [Symbol.asyncIterator]: read };
}

interface Batch {
  readonly engine: Engine;
  readonly plans: readonly ImagePlan[];
  readonly settings: BuildSettings;
  readonly emit: (event: BuildEvent) => void;
}

/** A plan with the image that has its tag now. */
interface Target {
  readonly plan: ImagePlan;
  readonly tagged: ImageDetails | null;
  readonly current: boolean;
}

async function buildAll(batch: Batch): Promise<readonly ImageOutcome[]> {
  const { engine, plans, settings } = batch;
  try {
    const targets = await Promise.all(plans.map(async (plan) => await findTarget(plan, engine, settings)));
    if (targets.some(({ current }) => !current)) await sweepLeftovers(engine);
    return await whileFetching(batch, targets, Promise.all(schedule(batch, targets)));
  } catch (error) {
    if (!(error instanceof SkillcrateError && error.code === "CANCELLED")) throw error;
    return plans.map((plan) => ({ ...describePlan(plan), status: "cancelled", seconds: 0 }));
  }
}

async function findTarget(plan: ImagePlan, engine: Engine, settings: BuildSettings): Promise<Target> {
  const tagged = await engine.images.inspect(plan.tag, settings.signal);
  return { plan, tagged, current: !settings.noCache(plan) && isCurrent(tagged, plan.hash) };
}

/** Starts every image; each waits for the one below it, which comes before it in a list of plans. */
function schedule(batch: Batch, targets: readonly Target[]): readonly Promise<ImageOutcome>[] {
  const limit = limitConcurrency(batch.settings.concurrency);
  const unreachable = askIndexesOnce(batch);
  const outcomes: Promise<ImageOutcome>[] = [];
  for (const { plan, tagged, current } of targets) {
    const index = targets.findIndex((target) => isBelow(target.plan, plan));
    const job = { ...batch, plan, replacing: tagged?.id ?? null, unreachable };
    outcomes.push(
      current && tagged !== null
        ? reportCurrent(job, tagged)
        : buildAfter(job, outcomes[index] ?? null, limit),
    );
  }
  return outcomes;
}

/** The time in which each lowest image is built is used for fetching what those above it need; it takes no longer for that. */
async function whileFetching<Result>(
  { engine, settings }: Batch,
  targets: readonly Target[],
  builds: Promise<Result>,
): Promise<Result> {
  const done = new AbortController();
  const signal = AbortSignal.any([settings.signal, done.signal]);
  // A build without the cache has empty caches of files, too.
  const wanted = targets
    .filter(({ current, plan }) => !current && !settings.noCache(plan))
    .map(({ plan }) => plan);
  const lowest = wanted.filter(({ below }) => below.kind === "external");
  const fetches = lowest.map(async (plan) => {
    const above = wanted.filter((other) => other !== plan && imageChain(other.name, wanted)[0] === plan);
    await fetchAhead(engine, plan, above, { ...settings, signal });
  });
  const fetching = Promise.allSettled(fetches);
  let result: Result;
  try {
    result = await builds;
  } finally {
    done.abort();
    await fetching;
  }
  for (const fetched of await fetching) if (fetched.status === "rejected") throw fetched.reason;
  return result;
}

function isBelow(lower: ImagePlan, { below }: ImagePlan): boolean {
  return below.kind === "planned" && below.name === lower.name && below.hash === lower.hash;
}

/** The network settings are the same for all images, so one answer will do. */
function askIndexesOnce({ engine, settings, emit }: Batch): BuildJob["unreachable"] {
  let answer: ReturnType<typeof unreachableEcosystems> | null = null;
  return async (plan) => {
    if (pythonStages(plan).length === 0) return new Map();
    answer ??= unreachableEcosystems(engine, [plan], {
      ...settings,
      builder: builderOf(settings, engine.info),
      onEvent: (event) => {
        if ("step" in event) emit({ ...event, step: `index-check ${event.step}`, image: plan.name });
      },
    });
    return await answer;
  };
}

type PlannedJob = Omit<BuildJob, "trace">;

async function reportCurrent(job: PlannedJob, image: ImageDetails): Promise<ImageOutcome> {
  const { engine, plan, settings, emit } = job;
  const present = image.tags.map(plainTag);
  const missing = settings.aliases(plan.tag).filter((alias) => !present.includes(plainTag(alias)));
  for (const alias of missing) await engine.images.tag(image.id, alias);
  const finished = describeFinished(job, "current", image);
  emit({ type: "image-current", image: plan.name, tag: plan.tag, id: image.id });
  for (const diagnostic of describeLeftOut(plan, finished.leftOut)) {
    emit({ type: "diagnostic", image: plan.name, diagnostic });
  }
  return { ...finished, seconds: 0 };
}

async function buildAfter(
  job: PlannedJob,
  below: Promise<ImageOutcome> | null,
  limit: ReturnType<typeof limitConcurrency>,
): Promise<ImageOutcome> {
  const lower = await below;
  if (lower?.status === "cancelled") return { ...describePlan(job.plan), status: "cancelled", seconds: 0 };
  if (lower?.status === "failed") return reportFailure(job, failedBelow(job.plan, lower));
  return await limit(async () => await buildOne(job));
}

async function buildOne(job: PlannedJob): Promise<ImageOutcome> {
  const { plan, emit } = job;
  const startedAt = performance.now();
  const seconds = () => Math.round(performance.now() - startedAt) / 1000;
  const trace: FailureTrace = { places: [], log: [], title: "", part: null };
  try {
    const finished = { ...(await buildImage({ ...job, trace })), seconds: seconds() };
    emit(finishedEvent(finished));
    return finished;
  } catch (error) {
    if (!(error instanceof SkillcrateError)) throw error;
    const outcome = { ...describePlan(plan), seconds: seconds() };
    if (error.code === "CANCELLED") return { ...outcome, status: "cancelled" };
    const places = [...trace.places, ...error.diagnostics.flatMap(({ place }) => place ?? [])];
    const { code, message, hint } = error;
    return reportFailure(job, { ...outcome, status: "failed", code, message, hint, places, log: trace.log });
  }
}

function finishedEvent({ status, image, tag, id, sizeBytes, seconds }: FinishedImage): BuildEvent {
  if (status === "current") return { type: "image-current", image, tag, id };
  return { type: "image-built", image, tag, id, sizeBytes, seconds };
}

function reportFailure({ emit }: Pick<BuildJob, "emit">, failed: FailedImage): FailedImage {
  const { image, code, message, hint, places, log } = failed;
  emit({ type: "image-failed", image, code, message, hint, places, log });
  return failed;
}

function failedBelow(plan: ImagePlan, lower: FailedImage): FailedImage {
  return {
    ...describePlan(plan),
    status: "failed",
    seconds: 0,
    code: lower.code,
    message: `${plan.name} stands on ${lower.image}, which failed`,
    hint: `Put ${lower.image} right first.`,
    places: [],
    log: [],
  };
}

function describePlan({ name, tag, hash }: ImagePlan): Pick<ImageOutcome, "image" | "tag" | "hash"> {
  return { image: name, tag, hash };
}
