import { escapeText } from "../../diagnostic/quote-value.ts";
import type { BuildStepEvent } from "../engine.ts";
import { isObject } from "../port/is-object.ts";
import type { JsonMessage } from "../port/read-json-lines.ts";
import { sumTransfers, type TransferSum } from "../port/sum-transfers.ts";
import { createStepLog, type StepLog } from "./step-log.ts";
import type { StepTracker } from "./step-tracker.ts";

interface Step {
  readonly id: string;
  readonly title: string;
  readonly stage: number;
  readonly number: number;
  readonly startedMs: number;
  readonly log: StepLog;
  readonly transfers: TransferSum;
  cached: boolean;
  /** Short id of its result. */
  image: string | null;
  /** Output of a program may follow, and may look like anything. */
  running: boolean;
}

/**
 * Follows a build by Docker's classic builder, or by Podman: text, one step after another. The builder's own words are
 * told from a program's by where they come: what a program prints can at most change what is shown.
 */
export function trackClassicSteps(): StepTracker {
  let current: Step | null = null;
  let imageId: string | null = null;
  const stageIds: string[] = [];

  const readText = (text: string): readonly BuildStepEvent[] => {
    const next = announcedStep(text, current);
    if (next !== null) {
      const ended = current === null ? [] : finish(current);
      if (fromInstruction.test(next.title) && current?.image) stageIds.push(current.image);
      current = next;
      return [...ended, { type: "step-started", step: next.id, title: next.title }];
    }
    if (current === null) return [];
    if (builderTalk.test(text)) {
      current.image = stepResult.exec(text)?.[1] ?? current.image;
      return [];
    }
    if (!current.running && usingCache.test(text)) {
      current.cached = true;
      return [];
    }
    if (!current.running && runningIn.test(text)) {
      current.running = true;
      return [];
    }
    if (text.trim() !== "") current.running = true;
    return logEvents(current, current.log.write(Buffer.from(text)));
  };

  return {
    read: (message) => {
      const { stream, aux } = message;
      if (isObject(aux) && typeof aux["ID"] === "string") imageId = aux["ID"];
      if (typeof stream === "string") return readText(stream);
      return current === null ? [] : readTransfer(current, message);
    },
    end: () => (current === null ? [] : finish(current)),
    fail: (error) => {
      const message = escapeText(error);
      if (current === null) return { type: "step-failed", step: "build", title: "build", message, log: [] };
      current.log.end();
      return {
        type: "step-failed",
        step: current.id,
        title: current.title,
        message,
        log: current.log.tail(),
      };
    },
    imageId: () => imageId,
    stageIds: () => stageIds,
  };
}

/** The step that a message announces, if it is the one that comes next. */
function announcedStep(text: string, current: Step | null): Step | null {
  const match = (dockerStep.exec(text) ?? podmanStep.exec(text))?.groups;
  if (match === undefined) return null;
  const stage = Number(match["stage"] ?? 0);
  const number = Number(match["number"]);
  const follows =
    current === null || stage > current.stage
      ? number === 1
      : stage === current.stage && number === current.number + 1;
  if (!follows) return null;
  const id = `${stage === 0 ? "" : `${stage}.`}${number}/${match["count"] ?? ""}`;
  return {
    id,
    title: `[${id}] ${escapeText((match["instruction"] ?? "").trim())}`,
    stage,
    number,
    startedMs: performance.now(),
    log: createStepLog(),
    transfers: sumTransfers(),
    cached: false,
    image: null,
    running: false,
  };
}

/** Layers of the image below that the engine fetches first. */
function readTransfer(step: Step, { id, progressDetail }: JsonMessage): readonly BuildStepEvent[] {
  if (typeof id !== "string" || !isObject(progressDetail)) return [];
  const { current, total } = progressDetail;
  if (typeof current !== "number" || typeof total !== "number") return [];
  step.transfers.set(id, current, total);
  const { bytes, totalBytes } = step.transfers;
  return [{ type: "step-progress", step: step.id, bytes, totalBytes }];
}

function finish(step: Step): readonly BuildStepEvent[] {
  const seconds = (performance.now() - step.startedMs) / 1000;
  return [
    ...logEvents(step, step.log.end()),
    { type: "step-done", step: step.id, cached: step.cached, seconds: step.cached ? 0 : seconds },
  ];
}

function logEvents(step: Step, lines: readonly string[]): readonly BuildStepEvent[] {
  return lines.map((text) => ({ type: "step-log", step: step.id, text }));
}

const dockerStep = /^Step (?<number>\d+)\/(?<count>\d+) : (?<instruction>.+)$/s;
const podmanStep = /^(?:\[(?<stage>\d+)\/\d+\] )?STEP (?<number>\d+)\/(?<count>\d+): (?<instruction>.+)\n$/s;
const usingCache = /^ ---> Using cache\n$|^--> Using cache [0-9a-f]+\n$/;
const runningIn = /^ ---> Running in [0-9a-f]+\n$/;
const fromInstruction = /^\[[\d./]+\] FROM /;
const stepResult = /^(?: ---> |--> )([0-9a-f]{11,12})\n$/;
const builderTalk =
  /^(?: ---> |Removing intermediate container |Successfully built |--> )[0-9a-f]{11,12}\n$|^(?:\[\d+\/\d+\] )?COMMIT\n$/;
