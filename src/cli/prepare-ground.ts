import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { NetworkSettings } from "../dockerfile/network-settings.ts";
import {
  type BaseProgress,
  type ObtainedBase,
  obtainBase,
  type RecordedBase,
} from "../engine/base/obtain-base.ts";
import type { Engine } from "../engine/engine.ts";
import { readAptEpoch } from "../engine/network/read-apt-epoch.ts";
import type { Platform } from "../plan/image-plan.ts";
import type { State } from "../source/open-state.ts";
import type { Story } from "./command.ts";
import type { PlanGround } from "./plan-images.ts";
import { type ShownStep, showStep } from "./show-step.ts";

export interface GroundOptions {
  readonly platform: Platform;
  /** Null: Debian's bookworm-slim. */
  readonly baseImage: string | null;
  /** Read the apt index anew. */
  readonly refresh: boolean;
  readonly network: NetworkSettings;
  readonly signal: AbortSignal;
  readonly story: Story;
}

/**
 * Sees to it that the engine has the base image, and remembers which one that is and in which state the apt index was
 * read: what plans are made from on this machine from now on. Where everything is as remembered, this is one inspect.
 */
export async function prepareGround(
  engine: Engine,
  state: State,
  options: GroundOptions,
): Promise<{ readonly ground: PlanGround; readonly diagnostics: readonly Diagnostic[] }> {
  const { platform } = options;
  const [bases, epoch] = await Promise.all([state.base.read(), state.aptEpoch.read()]);
  const recorded = bases.value.platforms[platform] ?? null;
  const base = await obtainShowingProgress(engine, recorded, options);
  if (recorded === null || !isSame(base, recorded)) {
    await state.base.change((current) => ({
      ...current,
      platforms: { ...current.platforms, [platform]: base },
    }));
  }
  const aptEpoch = options.refresh ? await refreshEpoch(engine, state, base, options) : epoch.value.epoch;
  const { reference, digest, imageId } = base;
  return {
    ground: { platform, base: { reference, digest, imageId }, aptEpoch },
    diagnostics: [...bases.diagnostics, ...epoch.diagnostics],
  };
}

function isSame(left: RecordedBase, right: RecordedBase): boolean {
  return (
    left.reference === right.reference &&
    left.digest === right.digest &&
    left.imageId === right.imageId &&
    left.origin === right.origin
  );
}

/** Nothing is shown where the base is at hand. */
async function obtainShowingProgress(
  engine: Engine,
  recorded: RecordedBase | null,
  { platform, baseImage, refresh, network, signal, story }: GroundOptions,
): Promise<ObtainedBase> {
  const { aptMirror } = network;
  return await showStep(story, "debian", (step) => {
    const onProgress = (progress: BaseProgress) => showProgress(progress, step);
    return obtainBase(engine, {
      named: baseImage,
      recorded,
      platform,
      aptMirror,
      refresh,
      signal,
      onProgress,
    });
  });
}

function showProgress(progress: BaseProgress, step: ShownStep): void {
  if (progress.type === "bootstrapping") {
    step.start("bootstrap Debian bookworm");
    step.log(progress.line);
  } else {
    step.start(`pull ${progress.reference}`);
    step.progress(progress.bytes, progress.totalBytes);
  }
}

async function refreshEpoch(
  engine: Engine,
  state: State,
  base: ObtainedBase,
  { network, signal, story }: GroundOptions,
): Promise<string> {
  return await showStep(story, "debian", async (step) => {
    step.start("read the apt index");
    const epoch = await readAptEpoch(engine, base.imageId, { network, signal });
    await state.aptEpoch.change((current) => ({ ...current, epoch }));
    return epoch;
  });
}
