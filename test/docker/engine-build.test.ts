import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { buildRequest, imageOf, logOf, onTestBase, runBuild } from "../support/run-build.ts";
import { connectTestEngine } from "../support/test-engine.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
});

test("the engine that all this runs on has both builders", () => {
  expect(engine.info).toMatchObject({ product: "docker", buildkit: true });
  expect(engine.info.platform).toMatch(/^linux\/(amd64|arm64)$/);
});

describe.each(["buildkit", "classic"] as const)("%s", (builder) => {
  test("tells each step, what it prints and the image; a second time all comes from the cache", async () => {
    const mark = randomUUID();
    const dockerfile = onTestBase(
      `RUN printf '${mark}\\n\\303\\274ber\\n\\033[31mred\\033[0m\\n10%%\\r100%%\\n'`,
      "RUN true",
    );
    const first = await runBuild(engine, buildRequest(dockerfile, { builder }));
    const id = imageOf(first);
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(logOf(first)).toEqual([mark, "über", "red", "100%"]);
    const titles = first.events.flatMap((event) => (event.type === "step-started" ? [event.title] : []));
    expect(titles).toContainEqual(expect.stringMatching(/^\[[^\]]+\] RUN printf /));
    expect(titles).toContainEqual(expect.stringMatching(/^\[[^\]]+\] RUN true$/));
    expect(cachedSteps(first)).not.toContain("RUN true");

    const second = await runBuild(engine, buildRequest(dockerfile, { builder }));
    expect(imageOf(second)).toBe(id);
    expect(logOf(second)).toEqual([]);
    expect(cachedSteps(second)).toContain("RUN true");
    expect(await engine.images.inspect(id)).toMatchObject({ id, tags: [] });
  });

  test("starts each step once and ends each step once", async () => {
    const { events } = await runBuild(
      engine,
      buildRequest(onTestBase("RUN true", "RUN true"), { builder, noCache: true }),
    );
    const of = (type: string) =>
      events.flatMap((event) => (event.type === type && "step" in event ? [event.step] : []));
    expect(of("step-started").length).toBeGreaterThan(2);
    expect(new Set(of("step-started")).size).toBe(of("step-started").length);
    expect(of("step-done").toSorted()).toEqual(of("step-started").toSorted());
  });

  test("a failed step comes with its last 50 lines, and makes no image", async () => {
    const mark = randomUUID();
    const dockerfile = onTestBase(`LABEL mark=${mark}`, "RUN seq 1 200; printf 'no line end'; exit 7");
    const { events, error } = await runBuild(engine, buildRequest(dockerfile, { builder, noCache: true }));
    const failed = events.at(-1);
    if (failed?.type !== "step-failed") throw new Error("the last event is not the failed step");
    expect(failed.title).toMatch(/^\[[^\]]+\] RUN seq 1 200/);
    expect(failed.message).toMatch(/7$/);
    expect(failed.log).toEqual([
      ...Array.from({ length: 49 }, (_, index) => String(index + 152)),
      "no line end",
    ]);
    expect(error).toMatchObject({ code: "BUILD_FAILED", message: expect.stringContaining("RUN seq") });
    expect(events.some(({ type }) => type === "image-id")).toBe(false);
  });

  test.each([
    ["NONSENSE", "unknown instruction"],
    ["COPY missing /x", "not found|does not exist|no such file"],
  ])("%s is a failed build", async (instruction, problem) => {
    const { events, error } = await runBuild(engine, buildRequest(onTestBase(instruction), { builder }));
    expect(events.at(-1)).toMatchObject({ type: "step-failed", message: expect.stringMatching(problem) });
    expect(error).toMatchObject({ code: "BUILD_FAILED" });
  });

  test("files and folders arrive with mode, owner and time", async () => {
    const dockerfile = onTestBase(
      "COPY tree /tree",
      "RUN cd /tree && stat -c '%n %a %u:%g %Y' bin bin/run.sh",
    );
    const context = [{ path: "tree/bin/run.sh", mode: 0o755, content: Buffer.from("#!/bin/sh\n") }];
    const run = await runBuild(engine, buildRequest(dockerfile, { builder, context, noCache: true }));
    const in1980 = Date.UTC(1980, 0) / 1000;
    expect(logOf(run)).toEqual([`bin 755 0:0 ${in1980}`, `bin/run.sh 755 0:0 ${in1980}`]);
  });

  test("a target leaves later stages out; a proxy is in no history", async () => {
    const proxy = `http://me:${randomUUID()}@127.0.0.1:9/`;
    const first = onTestBase('RUN echo "first $http_proxy"').replace("\n", " AS first\n");
    const dockerfile = `${first}${onTestBase("RUN echo second")}`;
    const request = buildRequest(dockerfile, {
      builder,
      target: "first",
      buildArgs: { http_proxy: proxy },
      noCache: true,
    });
    const run = await runBuild(engine, request);
    expect(logOf(run)).toEqual([`first ${proxy}`]);
    const id = imageOf(run);
    expect(JSON.stringify(await engine.images.history(id))).not.toContain(proxy);
    expect((await engine.images.inspect(id))?.env.join()).not.toContain(proxy);
  });

  function cachedSteps({ events }: { events: Awaited<ReturnType<typeof runBuild>>["events"] }): string[] {
    const titles = new Map(
      events.flatMap((event) => (event.type === "step-started" ? [[event.step, event.title]] : [])),
    );
    const cached = events.flatMap((event) =>
      event.type === "step-done" && event.cached ? [event.step] : [],
    );
    return cached.map((step) => (titles.get(step) ?? "").replace(/^\[[^\]]+\] /, ""));
  }
});

test("BuildKit's cache and bind mounts work without a session, and leave nothing in the image", async () => {
  const dockerfile = onTestBase(
    `RUN --mount=type=cache,target=/cache,id=${randomUUID()} --mount=type=bind,source=in,target=/in cat /in/file; touch /cache/x; ls /cache`,
    "RUN ls -A /cache /in | sort",
  );
  const context = [{ path: "in/file", mode: 0o644, content: Buffer.from("bound\n") }];
  const run = await runBuild(engine, buildRequest(dockerfile, { context }));
  imageOf(run);
  expect(logOf(run).slice(0, 2)).toEqual(["bound", "x"]);
  expect(logOf(run).slice(2)).not.toContain("x");
});

test("an image that carries its cache can be named as one", async () => {
  const dockerfile = onTestBase(`RUN echo ${randomUUID()}`);
  const id = imageOf(await runBuild(engine, buildRequest(dockerfile, { inlineCache: true })));
  const again = await runBuild(engine, buildRequest(dockerfile, { cacheFrom: [id], inlineCache: true }));
  expect(imageOf(again)).toBe(id);
});

test("stages that do not need each other run side by side", async () => {
  const stage = (name: string) =>
    onTestBase(`RUN sleep 1; echo ${randomUUID()} > /out-${name}`).replace("\n", ` AS ${name}\n`);
  const dockerfile = `${stage("a")}${stage("b")}${onTestBase("COPY --from=a /out-a /a", "COPY --from=b /out-b /b")}`;
  const { events } = await runBuild(engine, buildRequest(dockerfile));
  const order = events.flatMap((event) =>
    event.type === "step-started" && event.title.includes("RUN sleep") ? ["started"] : [],
  );
  const firstDone = events.findIndex((event) => event.type === "step-done" && event.seconds >= 1);
  const startedBefore = events
    .slice(0, firstDone)
    .filter((event) => event.type === "step-started" && event.title.includes("RUN sleep"));
  expect(order).toHaveLength(2);
  expect(startedBefore).toHaveLength(2);
});

test("what the build cache holds is counted", async () => {
  const usage = await engine.builds.cacheUsage();
  expect(usage.bytes).toBeGreaterThan(0);
  expect(usage.reclaimableBytes).toBeLessThanOrEqual(usage.bytes);
});
