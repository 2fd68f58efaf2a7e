import { escapeText } from "../../diagnostic/quote-value.ts";
import type { BuildStepEvent } from "../engine.ts";
import { isObject } from "../port/is-object.ts";
import { sumTransfers, type TransferSum } from "../port/sum-transfers.ts";
import {
  type BuildLog,
  type BuildTransfer,
  type BuildVertex,
  decodeBuildStatus,
} from "./decode-build-status.ts";
import { createStepLog, type StepLog } from "./step-log.ts";
import type { StepTracker } from "./step-tracker.ts";

interface Step {
  readonly id: string;
  readonly log: StepLog;
  readonly transfers: TransferSum;
  title: string;
  state: "known" | "started" | "done" | "failed";
  error: string;
}

/** Follows a build by BuildKit: its `moby.buildkit.trace` messages carry a graph of steps that run side by side. */
export function trackBuildKitSteps(): StepTracker {
  const steps = new Map<string, Step>();
  let imageId: string | null = null;

  const stepOf = (digest: string): Step => {
    const known = steps.get(digest);
    if (known !== undefined) return known;
    if (steps.size === mostSteps) throw new RangeError("a build of more than 10,000 steps");
    const log = createStepLog();
    const step: Step = { id: digest, log, transfers: sumTransfers(), title: "", state: "known", error: "" };
    steps.set(digest, step);
    return step;
  };

  const readTrace = (base64: string): readonly BuildStepEvent[] => {
    const status = decodeBuildStatus(base64);
    return [
      ...status.vertexes.flatMap((vertex) => start(stepOf(vertex.digest), vertex)),
      ...status.transfers.flatMap((transfer) => progress(stepOf(transfer.vertex), transfer)),
      ...status.logs.flatMap((log) => write(stepOf(log.vertex), log)),
      ...status.vertexes.flatMap((vertex) => finish(stepOf(vertex.digest), vertex)),
    ];
  };

  return {
    read: (message) => {
      const { id, aux } = message;
      if (id === "moby.buildkit.trace" && typeof aux === "string") return readTrace(aux);
      if (isObject(aux) && typeof aux["ID"] === "string") imageId = aux["ID"];
      return [];
    },
    end: () => [],
    fail: (error) => describeFailure([...steps.values()], error),
    imageId: () => imageId,
    stageIds: () => [],
  };
}

function start(step: Step, vertex: BuildVertex): readonly BuildStepEvent[] {
  step.title = escapeText(vertex.name.replace(cacheImport, "cache of "));
  if (step.state !== "known" || vertex.started === null) return [];
  step.state = "started";
  return [{ type: "step-started", step: step.id, title: step.title }];
}

function progress(step: Step, { id, current, total }: BuildTransfer): readonly BuildStepEvent[] {
  const before = step.transfers.bytes;
  step.transfers.set(id, current, total);
  const { bytes, totalBytes } = step.transfers;
  if (bytes === before) return [];
  return [{ type: "step-progress", step: step.id, bytes, totalBytes: totalBytes === 0 ? null : totalBytes }];
}

function write(step: Step, { text }: BuildLog): readonly BuildStepEvent[] {
  return logEvents(step, step.log.write(text));
}

/**
 * A source, such as the image below, is completed twice: when its checksum is known and when it is fetched. The first
 * time ends the step; an error counts whenever it comes.
 */
function finish(step: Step, vertex: BuildVertex): readonly BuildStepEvent[] {
  if (vertex.completed === null || step.state === "failed") return [];
  const rest = logEvents(step, step.log.end());
  const seconds = vertex.completed - (vertex.started ?? vertex.completed);
  const done = { type: "step-done", step: step.id, cached: vertex.cached, seconds } as const;
  if (vertex.error !== "" && cacheImport.test(vertex.name)) {
    step.state = "done";
    return [...rest, { ...done, problem: escapeText(vertex.error) }];
  }
  if (vertex.error !== "") {
    step.state = "failed";
    step.error = vertex.error;
    return rest;
  }
  if (step.state === "done") return rest;
  step.state = "done";
  return [...rest, done];
}

/** How BuildKit calls the one step whose failure costs nothing but time. */
const cacheImport = /^importing cache manifest from /;

function logEvents(step: Step, lines: readonly string[]): readonly BuildStepEvent[] {
  return lines.map((text) => ({ type: "step-log", step: step.id, text }));
}

/** Steps that ran beside the failed one end as cancelled; the build's error repeats the one of the step to blame. */
function describeFailure(steps: readonly Step[], error: string) {
  const failed = steps.filter(({ state }) => state === "failed");
  const blamed = failed.find((step) => error.includes(step.error)) ?? failed[0];
  const message = escapeText(error);
  if (blamed === undefined)
    return { type: "step-failed", step: "build", title: "build", message, log: [] } as const;
  const { id, title, log } = blamed;
  return { type: "step-failed", step: id, title, message, log: log.tail() } as const;
}

const mostSteps = 10_000;
