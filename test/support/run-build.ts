import { inject } from "vitest";
import type { BuildRequest, BuildStepEvent, Engine } from "../../src/engine/engine.ts";
import { testLabel } from "./test-run.ts";

/** How one build went: every event until it ended or failed. */
export interface BuildRun {
  readonly events: readonly BuildStepEvent[];
  readonly error: unknown;
}

/** Instructions on top of the base image of this run; what they make is removed with the run. */
export function onTestBase(...instructions: readonly string[]): string {
  const head = [`FROM ${inject("baseImage")}`, `LABEL ${testLabel}=${inject("testRun")}`];
  return `${[...head, ...instructions].join("\n")}\n`;
}

/** A request with nothing special about it. */
export function buildRequest(dockerfile: string, fields: Partial<BuildRequest> = {}): BuildRequest {
  const { context = [], ...rest } = fields;
  return {
    buildArgs: {},
    platform: null,
    builder: "buildkit",
    cacheFrom: [],
    inlineCache: false,
    noCache: false,
    target: null,
    signal: AbortSignal.timeout(120_000),
    ...rest,
    context: [{ path: "Dockerfile", mode: 0o644, content: Buffer.from(dockerfile) }, ...context],
  };
}

export async function runBuild(
  engine: Engine,
  request: BuildRequest,
  onEvent: (event: BuildStepEvent) => void = () => {},
): Promise<BuildRun> {
  const events: BuildStepEvent[] = [];
  try {
    for await (const event of engine.builds.build(request)) {
      events.push(event);
      onEvent(event);
    }
  } catch (error) {
    return { events, error };
  }
  return { events, error: null };
}

/** The built image's id. Throws what the build threw. */
export function imageOf({ events, error }: BuildRun): string {
  if (error !== null) throw error;
  const last = events.at(-1);
  if (last?.type !== "image-id") throw new Error("the build's last event is not its image");
  return last.id;
}

/** What the steps printed, line by line. */
export function logOf({ events }: BuildRun): readonly string[] {
  return events.flatMap((event) => (event.type === "step-log" ? [event.text] : []));
}
