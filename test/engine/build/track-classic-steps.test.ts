import { describe, expect, test } from "vitest";
import { trackClassicSteps } from "../../../src/engine/build/track-classic-steps.ts";
import type { BuildStepEvent } from "../../../src/engine/engine.ts";

/** Events of a whole build, seconds left out where they are the clock's. */
function eventsOf(...texts: readonly string[]): readonly unknown[] {
  const tracker = trackClassicSteps();
  const events: BuildStepEvent[] = texts.flatMap((stream) => [...tracker.read({ stream })]);
  return [...events, ...tracker.end()].map((event) =>
    event.type === "step-done" && !event.cached ? { type: event.type, step: event.step } : event,
  );
}

test("Docker's classic builder", () => {
  const events = eventsOf(
    "Step 1/3 : FROM base",
    "\n",
    " ---> 5523856dfdff\n",
    "Step 2/3 : RUN make",
    "\n",
    " ---> Using cache\n",
    " ---> 9c7d40f61751\n",
    "Step 3/3 : RUN make install",
    "\n",
    " ---> Running in 1418b597923e\n",
    "\u001b[91mwar",
    "ning\n\u001b[0mdone",
    "Removing intermediate container 1418b597923e\n",
    " ---> 9c7d40f61752\n",
    "Successfully built 9c7d40f61752\n",
  );
  expect(events).toEqual([
    { type: "step-started", step: "1/3", title: "[1/3] FROM base" },
    { type: "step-done", step: "1/3" },
    { type: "step-started", step: "2/3", title: "[2/3] RUN make" },
    { type: "step-done", step: "2/3", cached: true, seconds: 0 },
    { type: "step-started", step: "3/3", title: "[3/3] RUN make install" },
    { type: "step-log", step: "3/3", text: "warning" },
    { type: "step-log", step: "3/3", text: "done" },
    { type: "step-done", step: "3/3" },
  ]);
});

test("Podman, which counts in every stage anew", () => {
  const events = eventsOf(
    "[1/2] STEP 1/2: FROM base AS tool\n",
    "[1/2] STEP 2/2: RUN make\n",
    "--> Using cache dcc7ac1e1c1d601139b6a9d243c8c9a6804399f0d07f8a563e504edfb4975f0e\n",
    "--> dcc7ac1e1c1\n",
    "[2/2] STEP 1/2: FROM base\n",
    "[2/2] STEP 2/2: COPY --from=tool /x /x\n",
    "[2/2] COMMIT\n",
    "--> 184d316ec71\n",
    "Successfully built 184d316ec715\n",
  );
  expect(events).toEqual([
    { type: "step-started", step: "1.1/2", title: "[1.1/2] FROM base AS tool" },
    { type: "step-done", step: "1.1/2" },
    { type: "step-started", step: "1.2/2", title: "[1.2/2] RUN make" },
    { type: "step-done", step: "1.2/2", cached: true, seconds: 0 },
    { type: "step-started", step: "2.1/2", title: "[2.1/2] FROM base" },
    { type: "step-done", step: "2.1/2" },
    { type: "step-started", step: "2.2/2", title: "[2.2/2] COPY --from=tool /x /x" },
    { type: "step-done", step: "2.2/2" },
  ]);
});

test("Podman with one stage", () => {
  const events = eventsOf("STEP 1/2: FROM base\n", "STEP 2/2: RUN make\n", "out\n");
  expect(events.filter((event) => (event as BuildStepEvent).type === "step-started")).toEqual([
    { type: "step-started", step: "1/2", title: "[1/2] FROM base" },
    { type: "step-started", step: "2/2", title: "[2/2] RUN make" },
  ]);
});

describe("what a program prints in the builder's words", () => {
  const running = ["Step 1/9 : FROM base", "\n", "Step 2/9 : RUN x", "\n", " ---> Running in 1418b597923e\n"];

  test.each(["Step 7/9 : RUN y", "Step 2/9 : RUN x", "Step 1/1 : FROM y", " ---> Using cache\n"])(
    "%j is a log line",
    (text) => {
      const events = eventsOf(...running, text);
      expect(events.at(-2)).toMatchObject({ type: "step-log", step: "2/9", text: text.trimEnd() });
      expect(events.at(-1)).toEqual({ type: "step-done", step: "2/9" });
    },
  );

  test("names no image", () => {
    const tracker = trackClassicSteps();
    for (const stream of [...running, '{"aux":{"ID":"sha256:1"}}\n', "Successfully built 0123456789ab\n"]) {
      tracker.read({ stream });
    }
    expect(tracker.imageId()).toBeNull();
  });
});

test("a failure belongs to the step that ran, with its last lines", () => {
  const tracker = trackClassicSteps();
  for (const stream of ["Step 1/2 : FROM base", "\n", "Step 2/2 : RUN false", "\n", "why\nnot"])
    tracker.read({ stream });
  expect(tracker.fail("returned a non-zero code: 1")).toEqual({
    type: "step-failed",
    step: "2/2",
    title: "[2/2] RUN false",
    message: "returned a non-zero code: 1",
    log: ["why", "not"],
  });
});

test("a failure before any step belongs to the build", () => {
  expect(trackClassicSteps().fail("no")).toMatchObject({ type: "step-failed", step: "build", log: [] });
});

test("layers that are fetched are progress; the last of the images named is the one that was built", () => {
  const tracker = trackClassicSteps();
  tracker.read({ stream: "Step 1/1 : FROM base" });
  const detail = (current: number) => ({
    status: "Downloading",
    id: "layer",
    progressDetail: { current, total: 9 },
  });
  expect(tracker.read(detail(4))).toEqual([{ type: "step-progress", step: "1/1", bytes: 4, totalBytes: 9 }]);
  expect(tracker.read({ status: "Waiting", id: "layer", progressDetail: {} })).toEqual([]);
  tracker.read({ aux: { ID: "sha256:stage" } });
  tracker.read({ aux: { ID: "sha256:final" } });
  expect(tracker.imageId()).toBe("sha256:final");
});

describe("what stages leave in the engine", () => {
  const stageIds = (...texts: readonly string[]): readonly string[] => {
    const tracker = trackClassicSteps();
    for (const stream of texts) tracker.read({ stream });
    return tracker.stageIds();
  };

  test("Docker: the last image of each but the last one, cached or not", () => {
    const texts = ["Step 1/6 : FROM base AS a", " ---> 000000000000\n", "Step 2/6 : RUN make"];
    texts.push(" ---> Using cache\n", " ---> aaaaaaaaaaaa\n", "Step 3/6 : FROM base AS b");
    texts.push(" ---> 000000000000\n", "Step 4/6 : RUN make", " ---> Running in 1418b597923e\n");
    texts.push("Removing intermediate container 1418b597923e\n", " ---> bbbbbbbbbbbb\n");
    texts.push("Step 5/6 : FROM base", " ---> 000000000000\n", "Step 6/6 : COPY --from=a /x /x");
    expect(stageIds(...texts, " ---> cccccccccccc\n")).toEqual(["aaaaaaaaaaaa", "bbbbbbbbbbbb"]);
  });

  test("Podman", () => {
    const texts = ["[1/2] STEP 1/2: FROM base AS tool\n", "[1/2] STEP 2/2: RUN make\n", "--> dcc7ac1e1c1\n"];
    texts.push("[2/2] STEP 1/1: FROM base\n", "[2/2] COMMIT\n", "--> 184d316ec71\n");
    expect(stageIds(...texts)).toEqual(["dcc7ac1e1c1"]);
  });
});
