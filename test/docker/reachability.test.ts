import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type NetworkSettings, noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import { buildImages } from "../../src/engine/build/build-images.ts";
import type { BuildEvent } from "../../src/engine/build-event.ts";
import { type BuildSettings, defaultBuildSettings } from "../../src/engine/build-settings.ts";
import type { BuildStepEvent, Engine } from "../../src/engine/engine.ts";
import { imageLabels } from "../../src/engine/label/label-names.ts";
import { unreachableEcosystems } from "../../src/engine/network/reachability.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { imageSpecSchema } from "../../src/plan/image-spec.ts";
import { planBuiltInImages } from "../../src/plan/plan-built-in-images.ts";
import { buildRequest, imageOf, onTestBase, runBuild } from "../support/run-build.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { type PythonIndex, startPythonIndex } from "./python-index.ts";

let engine: Engine;
let index: PythonIndex;
/** Has pip already, so that the toolchain stages on it are made in no time. */
let base: string;
const signal = new AbortController().signal;

beforeAll(async () => {
  engine = await connectTestEngine();
  index = await startPythonIndex();
  const install = "apt-get -q update && apt-get -qy install --no-install-recommends python3-pip python3-venv";
  const buildArgs = { http_proxy: inject("aptProxy") };
  base = `${inject("tagPrefix")}with-pip:1`;
  const built = await runBuild(engine, buildRequest(onTestBase(`RUN ${install}`), { buildArgs }));
  await engine.images.tag(imageOf(built), base);
});
afterAll(async () => await index.close());

/** A port where nothing listens counts as an index that cannot be reached. */
function networkWith(port: number): NetworkSettings {
  const host = new URL(inject("aptProxy")).hostname;
  const pythonIndex = `http://user:canary-51c2@${host}:${port}/simple`;
  return { ...noNetworkSettings, httpProxy: inject("aptProxy"), noProxy: host, pythonIndex };
}

function planOf(name: string, optional: boolean, tool = "tiny-tool"): ImagePlan {
  const spec = imageSpecSchema.parse({
    name,
    tag: `${name}:${randomInt(2 ** 40)}`,
    description: "",
    packages: { python3: ["python3"] },
    tools: [{ kind: "python", package: tool, version: "1.0", bins: [tool], optional }],
    user: { name: "sandbox", uid: 1000, gid: 1000, home: "/home/sandbox" },
  });
  const { plans } = planBuiltInImages({
    specs: [{ spec, contents: {} }],
    tagPrefix: inject("tagPrefix"),
    platform: engine.info.platform === "linux/arm64" ? "linux/arm64" : "linux/amd64",
    base: { reference: base, digest: null, imageId: null },
    aptEpoch: "test",
  });
  const [plan] = plans;
  if (plan === undefined) throw new Error("no plan");
  return plan;
}

function settingsOf(network: NetworkSettings): BuildSettings {
  return {
    ...defaultBuildSettings,
    network,
    render: (plan, rendering) => renderImage(plan, { rendering, network, contents: {} }),
    signal,
    storeFacts: async () => {},
  };
}

async function diagnosticsOf(run: AsyncIterable<BuildEvent>): Promise<readonly string[]> {
  const messages: string[] = [];
  for await (const event of run) if (event.type === "diagnostic") messages.push(event.diagnostic.message);
  return messages;
}

describe.each(["buildkit", "classic"] as const)("%s", (builder) => {
  test("an index is asked from where builds run, with their settings", async () => {
    /** Which installs came out of the builder's cache. */
    const cached: boolean[] = [];
    const installs = new Set<string>();
    const onEvent = (event: BuildStepEvent) => {
      if (event.type === "step-started" && /^apt .* \(stage\)$/.test(event.title)) installs.add(event.step);
      if (event.type === "step-done" && installs.has(event.step)) cached.push(event.cached);
    };
    const ask = async (tool: string, port: number) => {
      const { network, render } = settingsOf(networkWith(port));
      return [
        ...(await unreachableEcosystems(engine, [planOf("ask", true, tool)], {
          network,
          render,
          builder,
          signal,
          onEvent,
        })),
      ];
    };
    expect(await ask("tiny-tool", index.port)).toEqual([]);
    // What was installed for the question is there for the build, though the image that was asked in is gone.
    cached.length = 0;
    expect(await ask("tiny-tool", index.port)).toEqual([]);
    expect(new Set(cached)).toEqual(new Set([true]));
    // It answers that it does not have the package: the build will tell that better.
    expect(await ask("no-such-tool", index.port)).toEqual([]);
    expect(await ask("tiny-tool", 9)).toEqual([
      [
        "python",
        expect.stringMatching(/^the Python index does not answer: \[Errno \d+\] Connection refused$/),
      ],
    ]);
  });
});

describe("a tool whose index does not answer", () => {
  test("is left out where it is optional; the image is current as long as the same is asked for", async () => {
    const plan = planOf("optional", true);
    const settings = settingsOf(networkWith(9));
    const first = buildImages(engine, [plan], settings);
    const told = await diagnosticsOf(first);
    expect(told).toEqual([
      expect.stringMatching(/^optional is without tiny-tool \(tiny-tool\): the Python index/),
    ]);
    const leftOut = [{ package: "tiny-tool", bins: ["tiny-tool"], reason: expect.any(String) }];
    expect(await first.outcomes).toMatchObject([
      { status: "built", hash: plan.hash, leftOut, binaries: [{ name: "python3" }] },
    ]);
    const image = await engine.images.inspect(plan.tag);
    expect(image?.labels[imageLabels.plan]).toBe(plan.hash);
    expect(JSON.stringify(image)).not.toContain("canary-51c2");

    const second = buildImages(engine, [plan], settings);
    expect(await diagnosticsOf(second)).toEqual(told);
    expect(await second.outcomes).toMatchObject([{ status: "current", leftOut }]);

    // It can be had again, and is asked for anew.
    const third = buildImages(engine, [plan], {
      ...settingsOf(networkWith(index.port)),
      noCache: () => true,
    });
    expect(await diagnosticsOf(third)).toEqual([]);
    expect(await third.outcomes).toMatchObject([
      {
        status: "built",
        leftOut: [],
        binaries: [{ name: "python3" }, { name: "tiny-tool", version: "1.0" }],
      },
    ]);
  });

  test("fails the image that cannot do without it, before anything of it is built", async () => {
    const [outcome] = await buildImages(engine, [planOf("needed", false)], settingsOf(networkWith(9)))
      .outcomes;
    expect(outcome).toMatchObject({
      status: "failed",
      code: "ECOSYSTEM_UNREACHABLE",
      message: expect.stringContaining("needed cannot do without tiny-tool"),
    });
  });
});
