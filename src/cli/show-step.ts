import type { BuildEvent } from "../engine/build-event.ts";
import type { BuildFollower } from "../report/build-follower.ts";
import type { Story } from "./command.ts";

/** Work that is no image's build, shown as a step of one. */
export interface ShownStep {
  /** Nothing is shown before this; only the first call counts. */
  start(title: string): void;
  progress(bytes: number, totalBytes: number | null): void;
  log(text: string): void;
}

/** Runs a task that tells of itself as a step of `image`, and shows how it ended. */
export async function showStep<Result>(
  story: Story,
  image: string,
  task: (step: ShownStep) => Promise<Result>,
): Promise<Result> {
  const step = { image, step: "only" };
  const startedMs = performance.now();
  const shown: { display: BuildFollower | null; title: string } = { display: null, title: "" };
  const show = (event: BuildEvent) => shown.display?.event(event);
  try {
    const result = await task({
      start(title) {
        if (shown.display !== null) return;
        shown.title = title;
        shown.display = story.followBuilds();
        show({ type: "step-started", ...step, title });
      },
      progress: (bytes, totalBytes) => show({ type: "step-progress", ...step, bytes, totalBytes }),
      log: (text) => show({ type: "step-log", ...step, text }),
    });
    show({ type: "step-done", ...step, cached: false, seconds: (performance.now() - startedMs) / 1000 });
    return result;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    show({ type: "step-failed", ...step, title: shown.title, message, log: [] });
    throw error;
  } finally {
    shown.display?.end();
  }
}
