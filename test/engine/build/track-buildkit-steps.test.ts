import { describe, expect, test } from "vitest";
import type {
  BuildLog,
  BuildStatus,
  BuildTransfer,
  BuildVertex,
} from "../../../src/engine/build/decode-build-status.ts";
import type { StepTracker } from "../../../src/engine/build/step-tracker.ts";
import { trackBuildKitSteps } from "../../../src/engine/build/track-buildkit-steps.ts";
import type { BuildStepEvent } from "../../../src/engine/engine.ts";
import { encodeBuildStatus } from "../../support/encode-build-status.ts";

const vertex = (fields: Partial<BuildVertex>): BuildVertex => ({
  digest: "sha256:a",
  name: "[2/2] RUN make",
  cached: false,
  started: null,
  completed: null,
  error: "",
  ...fields,
});
const log = (text: string, digest = "sha256:a"): BuildLog => ({ vertex: digest, text: Buffer.from(text) });
const transfer = (id: string, current: number, total: number): BuildTransfer => {
  return { id, vertex: "sha256:a", name: "downloading", current, total };
};

function tell(tracker: StepTracker, ...statuses: Partial<BuildStatus>[]): readonly BuildStepEvent[] {
  return statuses.flatMap((status) =>
    tracker.read({ id: "moby.buildkit.trace", aux: encodeBuildStatus(status) }),
  );
}

describe("a step", () => {
  test("is known, starts, prints and is done, each told once", () => {
    const events = tell(
      trackBuildKitSteps(),
      { vertexes: [vertex({})] },
      { vertexes: [vertex({ started: 100 })] },
      { vertexes: [vertex({ started: 100 })], logs: [log("one\ntw")] },
      { logs: [log("o\nthree")] },
      { vertexes: [vertex({ started: 100, completed: 102.5 })] },
      { vertexes: [vertex({ started: 100, completed: 102.5 })] },
    );
    const step = "sha256:a";
    expect(events).toEqual([
      { type: "step-started", step, title: "[2/2] RUN make" },
      { type: "step-log", step, text: "one" },
      { type: "step-log", step, text: "two" },
      { type: "step-log", step, text: "three" },
      { type: "step-done", step, cached: false, seconds: 2.5 },
    ]);
  });

  test("from the cache says so", () => {
    const events = tell(trackBuildKitSteps(), {
      vertexes: [vertex({ started: 100, completed: 100, cached: true })],
    });
    expect(events.map(({ type }) => type)).toEqual(["step-started", "step-done"]);
    expect(events[1]).toMatchObject({ cached: true, seconds: 0 });
  });

  test("that reads a cache which is not there says so, and fails nothing", () => {
    const tracker = trackBuildKitSteps();
    const name = "importing cache manifest from registry.corp/cache:x";
    const events = tell(
      tracker,
      { vertexes: [vertex({ name, started: 1, completed: 2, error: "not found\u001b" })] },
      { vertexes: [vertex({ digest: "sha256:b", started: 3, completed: 4, error: "exit code: 1" })] },
    );
    expect(events).toEqual([
      { type: "step-started", step: "sha256:a", title: "cache of registry.corp/cache:x" },
      { type: "step-done", step: "sha256:a", cached: false, seconds: 1, problem: "not found\\u001b" },
      { type: "step-started", step: "sha256:b", title: "[2/2] RUN make" },
    ]);
    expect(tracker.fail("exit code: 1")).toMatchObject({ type: "step-failed", step: "sha256:b" });
  });

  test("adds up what its parts have fetched, and is silent while nothing moves", () => {
    const events = tell(
      trackBuildKitSteps(),
      { vertexes: [vertex({ started: 1 })] },
      { transfers: [transfer("x", 10, 100), transfer("y", 5, 0)] },
      { transfers: [transfer("x", 10, 100)] },
      { transfers: [transfer("x", 100, 100), transfer("y", 50, 50)] },
    );
    expect(events.slice(1)).toEqual([
      { type: "step-progress", step: "sha256:a", bytes: 10, totalBytes: 100 },
      { type: "step-progress", step: "sha256:a", bytes: 15, totalBytes: 100 },
      { type: "step-progress", step: "sha256:a", bytes: 105, totalBytes: 100 },
      { type: "step-progress", step: "sha256:a", bytes: 150, totalBytes: 150 },
    ]);
  });

  test("shows its title escaped", () => {
    const [event] = tell(trackBuildKitSteps(), {
      vertexes: [vertex({ name: "RUN \u001b[2J\u202e", started: 1 })],
    });
    expect(event).toMatchObject({ title: "RUN \\u001b[2J\\u202e" });
  });
});

describe("a failure", () => {
  test("belongs to the step whose error the build repeats, not to those that were cancelled with it", () => {
    const tracker = trackBuildKitSteps();
    tell(tracker, {
      vertexes: [
        vertex({
          digest: "sha256:b",
          name: "RUN other",
          started: 1,
          completed: 2,
          error: "context canceled",
        }),
        vertex({ started: 1, completed: 2, error: "exit code: 7" }),
      ],
      logs: [log("why\n"), log("bystander\n", "sha256:b")],
    });
    expect(tracker.fail("failed to solve: exit code: 7")).toEqual({
      type: "step-failed",
      step: "sha256:a",
      title: "[2/2] RUN make",
      message: "failed to solve: exit code: 7",
      log: ["why"],
    });
  });

  test("keeps the last 50 lines, the one without an end too", () => {
    const tracker = trackBuildKitSteps();
    const lines = Array.from({ length: 80 }, (_, index) => `line ${index + 1}`).join("\n");
    tell(tracker, { vertexes: [vertex({ started: 1 })], logs: [log(lines)] });
    tell(tracker, { vertexes: [vertex({ started: 1, completed: 2, error: "exit code: 1" })] });
    const { log: kept } = tracker.fail("exit code: 1");
    expect(kept).toHaveLength(50);
    expect(kept.at(-1)).toBe("line 80");
  });

  test("without a step belongs to the build", () => {
    expect(trackBuildKitSteps().fail("dockerfile parse error")).toMatchObject({ step: "build", log: [] });
  });
});

test("the image's id is the last that the builder named", () => {
  const tracker = trackBuildKitSteps();
  expect(tracker.imageId()).toBeNull();
  tracker.read({ id: "moby.image.id", aux: { ID: "sha256:1" } });
  expect(tracker.imageId()).toBe("sha256:1");
});

test("a build without end of steps is refused before memory ends", () => {
  const tracker = trackBuildKitSteps();
  const many = Array.from({ length: 5000 }, (_, index) => vertex({ digest: `sha256:${index}` }));
  const more = many.map(({ digest, ...rest }) => ({ ...rest, digest: `${digest}-more` }));
  tell(tracker, { vertexes: many }, { vertexes: more });
  expect(() => tell(tracker, { vertexes: [vertex({ digest: "sha256:last" })] })).toThrow(RangeError);
});
