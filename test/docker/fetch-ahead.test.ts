import { randomInt } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import { buildImages } from "../../src/engine/build/build-images.ts";
import { fetchAhead } from "../../src/engine/build/fetch-ahead.ts";
import { type BuildSettings, defaultBuildSettings } from "../../src/engine/build-settings.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { imageLabels } from "../../src/engine/label/label-names.ts";
import { currentRun } from "../../src/engine/run-identity.ts";
import { hashPlan } from "../../src/plan/hash-plan.ts";
import type { ImageBelow, ImagePlan } from "../../src/plan/image-plan.ts";
import { type AptRepository, startAptRepository } from "../support/apt-repository.ts";
import { buildRequest, imageOf, onTestBase, runBuild } from "../support/run-build.ts";
import { connectTestEngine } from "../support/test-engine.ts";

const mark = randomInt(2 ** 40);
const settings: BuildSettings = {
  ...defaultBuildSettings,
  builder: "buildkit",
  noCache: () => false,
  render: (plan, rendering) => renderImage(plan, { rendering, network: noNetworkSettings, contents: {} }),
  network: noNetworkSettings,
  signal: AbortSignal.timeout(120_000),
  storeFacts: async () => {},
};

let engine: Engine;
let repository: AptRepository;
/** On a base whose only archive is the test's own. */
let lower: ImagePlan;
let upper: ImagePlan;

beforeAll(async () => {
  engine = await connectTestEngine();
  repository = await startAptRepository();
  repository.add({ name: "tiny-needed", version: "1.0" });
  repository.add({ name: "tiny-lib", version: "1.0", depends: "tiny-needed" });
  repository.add({ name: "tiny-tool", version: "1.0", depends: "tiny-lib, tiny-more" });
  repository.add({ name: "tiny-more", version: "1.0" });
  const { hostname } = new URL(inject("aptProxy"));
  const source = `deb [trusted=yes] http://${hostname}:${repository.port}/debian ./`;
  const dockerfile = onTestBase(
    "USER root",
    "RUN rm -rf /etc/apt/sources.list.d/* /etc/apt/sources.list",
    `RUN echo '${source}' > /etc/apt/sources.list`,
  );
  const reference = `${inject("tagPrefix")}ahead-base:${mark}`;
  await engine.images.tag(imageOf(await runBuild(engine, buildRequest(dockerfile))), reference);
  lower = planOf("lower", "tiny-lib", { kind: "external", reference, digest: null, imageId: null });
  upper = planOf("upper", "tiny-tool", {
    kind: "planned",
    name: lower.name,
    reference: lower.tag,
    hash: lower.hash,
  });
});

afterAll(async () => {
  await repository.close();
});

function planOf(name: string, packageName: string, below: ImageBelow): ImagePlan {
  const requestedBy = [{ skill: "tiny", bin: packageName }];
  const title = `apt ${packageName}`;
  const plan: Omit<ImagePlan, "hash"> = {
    format: "skillcrate/image-plan@1",
    // It names the cache too.
    name: `${name}-${mark}`,
    tag: `${inject("tagPrefix")}ahead-${name}:${mark}`,
    platform: process.arch === "arm64" ? "linux/arm64" : "linux/amd64",
    below,
    aptEpoch: String(mark),
    stages: [],
    layers: [{ kind: "packages", id: "packages", title, requestedBy, packages: [packageName] }],
    config: { user: null, workdir: null, env: {}, entrypoint: null, cmd: null, expose: [] },
    promises: [{ name: packageName, versionArgs: null, requestedBy }],
  };
  return { ...plan, hash: hashPlan(plan) };
}

/** Names of the packages whose files were asked for. */
function fetched(): string[] {
  const files = repository.takeRequests().flatMap((path) => /\/([a-z-]+)_[^/]*\.deb$/.exec(path)?.[1] ?? []);
  return files.sort();
}

test("what the upper image adds is fetched while the lower one is built, and then not again", async () => {
  await fetchAhead(engine, lower, [upper], settings);
  expect(fetched()).toEqual(["tiny-more", "tiny-tool"]);
  const run = buildImages(engine, [lower, upper], settings);
  for await (const _event of run) {
    // What they say is another test's.
  }
  expect((await run.outcomes).map(({ status }) => status)).toEqual(["built", "built"]);
  expect(fetched()).toEqual(["tiny-lib", "tiny-needed"]);
  expect(await engine.images.list(`${imageLabels.state}=building ${currentRun()}`)).toEqual([]);
});

test("where nothing can be fetched, that is no failure", async () => {
  const broken = planOf("broken", "no-such-package", upper.below);
  await expect(fetchAhead(engine, lower, [broken], settings)).resolves.toBeUndefined();
  expect(fetched()).toEqual([]);
});
