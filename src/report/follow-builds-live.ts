import type { BuildFollower } from "./build-follower.ts";
import { applyBuildEvent, findStep, noBuildProgress } from "./build-progress.ts";
import { formatBuildEvent, formatRunningStep } from "./format-build-event.ts";
import type { Style } from "./style.ts";

interface LiveSettings {
  readonly style: Style;
  readonly write: (text: string) => void;
  /** Rows of the terminal now; running steps beyond them are not shown. */
  readonly rows: () => number;
  readonly nowMs: () => number;
}

/**
 * For a terminal: what has ended scrolls by as lasting lines, what runs stands below and is redrawn in place, at most
 * ten times a second.
 */
export function followBuildsLive(settings: LiveSettings): BuildFollower {
  let progress = noBuildProgress;
  let drawnRows = 0;
  const erase = () => (drawnRows === 0 ? "" : `\u001b[${drawnRows}A\u001b[0J`);
  const draw = (lasting: string | null) => {
    const running = [...progress.values()].slice(0, Math.max(settings.rows() - 2, 1));
    const lines = running.map((step) => formatRunningStep(step, settings.nowMs(), settings.style));
    const text = [...(lasting === null ? [] : [lasting]), ...lines].map((line) => `${line}\n`).join("");
    settings.write(erase() + text);
    drawnRows = lines.length;
  };
  const timer = setInterval(() => {
    if (progress.size > 0) draw(null);
  }, redrawMs);
  timer.unref();
  return {
    event(event) {
      const title = findStep(progress, event)?.title ?? null;
      progress = applyBuildEvent(progress, event, settings.nowMs());
      const lasting = formatBuildEvent(event, title, settings.style);
      if (lasting !== null) draw(lasting);
    },
    end() {
      clearInterval(timer);
      settings.write(erase());
      drawnRows = 0;
    },
  };
}

const redrawMs = 100;
