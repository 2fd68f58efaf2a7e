import type { BuildFollower } from "../report/build-follower.ts";
import type { Story } from "./command.ts";

/** Work that is no image's build, shown as a step of one; nothing is shown before `start`. */
export interface ShownStep {
  /** Only the first call counts. */
  start(title: string): void;
  progress(bytes: number, totalBytes: number | null): void;
  log(text: string): void;
  end(): void;
}

export function showStep(story: Story, image = "debian"): ShownStep {
  const step = { image, step: "only" };
  const startedMs = performance.now();
  let display: BuildFollower | null = null;
  return {
    start(title) {
      if (display !== null) return;
      display = story.followBuilds();
      display.event({ type: "step-started", ...step, title });
    },
    progress: (bytes, totalBytes) => display?.event({ type: "step-progress", ...step, bytes, totalBytes }),
    log: (text) => display?.event({ type: "step-log", ...step, text }),
    end() {
      const seconds = (performance.now() - startedMs) / 1000;
      display?.event({ type: "step-done", ...step, cached: false, seconds });
      display?.end();
    },
  };
}
