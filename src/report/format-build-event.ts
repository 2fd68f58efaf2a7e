import { escapeText } from "../diagnostic/quote-value.ts";
import type { BuildEvent } from "../engine/build-event.ts";
import { probeStep, type RunningStep } from "./build-progress.ts";
import { cutToWidth, displayWidth } from "./display-width.ts";
import { formatBytes } from "./format-bytes.ts";
import { formatSeconds } from "./format-seconds.ts";
import type { Style } from "./style.ts";

/**
 * The lasting line of one event, or null where it only changes what runs. Diagnostics and the whole of a failure come
 * when all is done, below everything else. `title` is the step's, as its start gave it.
 */
export function formatBuildEvent(event: BuildEvent, title: string | null, style: Style): string | null {
  switch (event.type) {
    case "image-current":
      return line(
        style.green("✓"),
        event.image,
        `${escapeText(event.tag)} ${style.dim("up to date")}`,
        style,
      );
    case "step-done": {
      if (title === null || housekeeping.test(title)) return null;
      if (event.problem !== undefined) {
        return line(style.yellow("!"), event.image, `${cutTitle(title, style, 30)}: ${event.problem}`, style);
      }
      const amount = event.cached ? style.dim("cached") : formatSeconds(event.seconds);
      return line(style.dim("·"), event.image, `${cutTitle(title, style, 30)} ${amount}`, style);
    }
    case "step-failed":
      return line(style.red("✗"), event.image, `${cutTitle(event.title, style, 30)} failed`, style);
    case "binary-probed":
    case "library-probed":
      if (event.facts.ok) return null;
      return line(
        style.red("✗"),
        event.image,
        `${escapeText(event.facts.name)}: ${escapeText(event.facts.problem ?? "does not run")}`,
        style,
      );
    case "image-built": {
      const facts = style.dim(`built in ${formatSeconds(event.seconds)}, ${formatBytes(event.sizeBytes)}`);
      return line(style.green("✓"), event.image, `${style.bold(escapeText(event.tag))} ${facts}`, style);
    }
    default:
      return null;
  }
}

/** What builders do around the steps of a plan; worth a line only while it runs. */
const housekeeping = /^\[internal\] |^copy \/context |^exporting |\] FROM /;

/** One line about a step that runs: seconds, bytes where they are known, and the last thing it said. */
export function formatRunningStep(step: RunningStep, nowMs: number, style: Style): string {
  const parts = [formatSeconds((nowMs - step.startedMs) / 1000), formatAmount(step)].filter(
    (part) => part !== "",
  );
  const head = `${cutTitle(step.title, style, 40)} ${parts.join(" ")}`;
  const room = (style.columns ?? 120) - imageColumns - 6 - displayWidth(head);
  const said = room > 12 ? ` ${cutToWidth(escapeText(step.lastLine), room)}` : "";
  return line(style.cyan("›"), step.image, `${head}${style.dim(said)}`, style);
}

function formatAmount(step: RunningStep): string {
  if (step.step === probeStep) return `${step.bytes} of ${step.totalBytes ?? "?"}`;
  if (step.bytes === 0) return "";
  return step.totalBytes === null
    ? formatBytes(step.bytes)
    : `${formatBytes(step.bytes)} of ${formatBytes(step.totalBytes)}`;
}

function line(sign: string, image: string, text: string, style: Style): string {
  return `${sign} ${style.cyan(escapeText(image).padEnd(imageColumns))} ${text}`;
}

const imageColumns = 8;

/** A title that leaves so many columns of the line free; in a pipe it is cut at 100 to keep logs readable. */
function cutTitle(title: string, style: Style, free: number): string {
  return cutToWidth(escapeText(title), Math.max((style.columns ?? 100 + free) - free, 20));
}
