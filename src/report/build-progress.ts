import type { BuildEvent } from "../engine/build-event.ts";
import { formatCount } from "./format-count.ts";
import { withoutColors } from "./without-colors.ts";

/** A step of an image that is being worked on now. */
export interface RunningStep {
  readonly image: string;
  readonly step: string;
  readonly title: string;
  readonly startedMs: number;
  readonly bytes: number;
  readonly totalBytes: number | null;
  /** The last line it printed; empty before the first. */
  readonly lastLine: string;
}

/** What runs now, by image and step, in the order in which it was started. */
export type BuildProgress = ReadonlyMap<string, RunningStep>;

export const noBuildProgress: BuildProgress = new Map();

/** The progress after one more event; the same value where the event changes nothing that runs. */
export function applyBuildEvent(progress: BuildProgress, event: BuildEvent, nowMs: number): BuildProgress {
  switch (event.type) {
    case "step-started":
      return start(progress, event.image, event.step, event.title, nowMs);
    case "step-progress":
      return change(progress, event, { bytes: event.bytes, totalBytes: event.totalBytes });
    case "step-log":
      return change(progress, event, { lastLine: lastLine(event.text) });
    case "step-done":
    case "step-failed":
      return without(progress, (step) => step.image === event.image && step.step === event.step);
    case "probe-started":
      return startProbe(progress, event, nowMs);
    case "binary-probed":
    case "library-probed":
      return countProbed(progress, event.image, event.facts.name);
    case "image-built":
    case "image-failed":
    case "image-current":
      return without(progress, (step) => step.image === event.image);
    default:
      return progress;
  }
}

/** The running step that an event is about, before the event is applied. */
export function findStep(progress: BuildProgress, event: BuildEvent): RunningStep | undefined {
  return "step" in event ? progress.get(stepKey(event.image, event.step)) : undefined;
}

/** The step in whose name binaries are counted, as bytes of others are. */
export const probeStep = "probe";

function startProbe(
  progress: BuildProgress,
  { image, binaries, libraries }: Extract<BuildEvent, { type: "probe-started" }>,
  nowMs: number,
): BuildProgress {
  const imported = libraries === 0 ? "" : `, import ${formatCount(libraries, "library", "libraries")}`;
  return start(
    progress,
    image,
    probeStep,
    `run ${binaries} binaries${imported}`,
    nowMs,
    binaries + libraries,
  );
}

function start(
  progress: BuildProgress,
  image: string,
  step: string,
  title: string,
  startedMs: number,
  totalBytes: number | null = null,
): BuildProgress {
  const started = { image, step, title, startedMs, bytes: 0, totalBytes, lastLine: "" };
  return new Map(progress).set(stepKey(image, step), started);
}

function change(
  progress: BuildProgress,
  { image, step }: { readonly image: string; readonly step: string },
  changes: Partial<RunningStep>,
): BuildProgress {
  const running = progress.get(stepKey(image, step));
  if (running === undefined) return progress;
  return new Map(progress).set(stepKey(image, step), { ...running, ...changes });
}

function countProbed(progress: BuildProgress, image: string, lastName: string): BuildProgress {
  const done = progress.get(stepKey(image, probeStep))?.bytes ?? 0;
  return change(progress, { image, step: probeStep }, { bytes: done + 1, lastLine: lastName });
}

function without(progress: BuildProgress, ended: (step: RunningStep) => boolean): BuildProgress {
  return new Map([...progress].filter(([, step]) => !ended(step)));
}

function stepKey(image: string, step: string): string {
  return `${image}\n${step}`;
}

/** Programs redraw a line with `\r` and paint it; what counts is the text that would be on the screen. */
function lastLine(text: string): string {
  const lines = withoutColors(text)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== "");
  return lines.at(-1)?.trim() ?? "";
}
