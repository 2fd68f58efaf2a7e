import type { BuildFollower } from "./build-follower.ts";
import { applyBuildEvent, findStep, noBuildProgress } from "./build-progress.ts";
import { formatBuildEvent, formatRunningStep } from "./format-build-event.ts";
import type { Style } from "./style.ts";

interface PlainSettings {
  readonly style: Style;
  readonly write: (text: string) => void;
  readonly nowMs: () => number;
}

/**
 * For files and logs of CI: a line for each step that has ended, and every 20 s one for each that still runs, so that a
 * long step does not look like a hang.
 */
export function followBuildsPlainly(settings: PlainSettings): BuildFollower {
  let progress = noBuildProgress;
  const timer = setInterval(() => {
    for (const step of progress.values()) {
      settings.write(`${formatRunningStep(step, settings.nowMs(), settings.style)}\n`);
    }
  }, heartbeatMs);
  timer.unref();
  return {
    event(event) {
      const title = findStep(progress, event)?.title ?? null;
      progress = applyBuildEvent(progress, event, settings.nowMs());
      const lasting = formatBuildEvent(event, title, settings.style);
      if (lasting !== null) settings.write(`${lasting}\n`);
    },
    end() {
      clearInterval(timer);
    },
  };
}

const heartbeatMs = 20_000;
