import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type NetworkSettings, noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import { buildImages } from "../../src/engine/build/build-images.ts";
import type { ImageOutcome } from "../../src/engine/build/build-outcome.ts";
import { defaultBuildSettings, type RenderPlan } from "../../src/engine/build-settings.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { type LockSettings, readLockedParts } from "../../src/engine/lock/read-locked-parts.ts";
import { readNewerDebs } from "../../src/engine/lock/read-newer-debs.ts";
import { hashPlan } from "../../src/plan/hash-plan.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { makeLock } from "../../src/plan/make-lock.ts";
import { moveParts } from "../../src/plan/move-parts.ts";
import { plansOfLock } from "../../src/plan/plans-of-lock.ts";
import { type AptRepository, startAptRepository } from "../support/apt-repository.ts";
import { buildRequest, imageOf, onTestBase, runBuild } from "../support/run-build.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { listImageFiles } from "./list-image-files.ts";

let engine: Engine;
let repository: AptRepository;
/** A base whose only archive is the test's own. */
let base: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  repository = await startAptRepository();
  repository.add({ name: "tiny-lib", version: "1.0" });
  repository.add({ name: "tiny-tool", version: "1.0", depends: "tiny-lib" });
  const host = new URL(inject("aptProxy")).hostname;
  const source = `deb [trusted=yes] http://${host}:${repository.port}/debian ./`;
  const dockerfile = onTestBase(
    "USER root",
    "RUN rm -rf /etc/apt/sources.list.d/* /etc/apt/sources.list",
    `RUN echo '${source}' > /etc/apt/sources.list`,
  );
  base = `${inject("tagPrefix")}lock-base:${randomInt(2 ** 40)}`;
  await engine.images.tag(imageOf(await runBuild(engine, buildRequest(dockerfile))), base);
});

afterAll(async () => {
  await repository.close();
});

function planOf(mark: string): ImagePlan {
  const requestedBy = [
    { skill: "tiny", bin: "tiny-tool", place: { file: "/t/SKILL.md", line: 3, column: 1 } },
  ];
  const plan: Omit<ImagePlan, "hash"> = {
    format: "skillcrate/image-plan@1",
    name: "locked",
    tag: `${inject("tagPrefix")}locked:${randomInt(2 ** 40)}`,
    platform: process.arch === "arm64" ? "linux/arm64" : "linux/amd64",
    below: { kind: "external", reference: base, digest: null, imageId: null },
    aptEpoch: mark,
    stages: [],
    layers: [
      { kind: "packages", id: "packages", title: "apt tiny-tool", requestedBy, packages: ["tiny-tool"] },
    ],
    config: { user: null, workdir: null, env: {}, entrypoint: null, cmd: null, expose: [] },
    promises: [{ name: "tiny-tool", versionArgs: null, requestedBy }],
  };
  return { ...plan, hash: hashPlan(plan) };
}

type Builder = "buildkit" | "classic";

async function build(
  plan: ImagePlan,
  builder: Builder,
  network: Partial<NetworkSettings> = {},
): Promise<ImageOutcome> {
  const all = { ...noNetworkSettings, ...network };
  const run = buildImages(engine, [plan], {
    ...defaultBuildSettings,
    builder,
    // The caches of this machine must not answer for the archive.
    noCache: () => true,
    render: renderer("image", all),
    network: all,
    signal: AbortSignal.timeout(120_000),
    storeFacts: async () => {},
  });
  for await (const _event of run) {
    // What they say is another test's.
  }
  const [outcome] = await run.outcomes;
  if (outcome === undefined) throw new Error("no outcome");
  return outcome;
}

function renderer(part: "image" | "records", network: NetworkSettings): RenderPlan {
  return (plan, rendering) => renderImage(plan, { rendering, network, contents: {}, part });
}

function lockSettings(): LockSettings {
  return {
    builder: null,
    renderRecords: renderer("records", noNetworkSettings),
    network: noNetworkSettings,
    signal: AbortSignal.timeout(120_000),
    now: "20260102T030405Z",
  };
}

async function lockOf(plan: ImagePlan, outcome: ImageOutcome): Promise<ImagePlan> {
  if (!("id" in outcome)) throw new Error(JSON.stringify(outcome));
  const parts = await readLockedParts(engine, plan, outcome.id, lockSettings());
  const resolvedWith = { catalog: "0".repeat(16), debianIndex: "0".repeat(16) };
  const { images } = makeLock([{ plan, inputs: {}, leftOut: [], resolvedWith, ...parts }], null);
  const [read] = plansOfLock(JSON.parse(JSON.stringify(images)), []);
  if (read === undefined) throw new Error("no plan");
  return { ...read, tag: plan.tag.replace(":", "-frozen:") };
}

/** The packages of this test that an image has, as its commands tell. */
function versionsOf(outcome: ImageOutcome): (string | null)[] {
  if (!("binaries" in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.binaries.map(({ version }) => version);
}

describe.each(["buildkit", "classic"] as const)("a locked image, by %s", (builder) => {
  let plan: ImagePlan;
  let locked: ImagePlan;
  let files: Map<string, string>;

  beforeAll(async () => {
    plan = planOf(builder);
    const outcome = await build(plan, builder);
    locked = await lockOf(plan, outcome);
    files = await listImageFiles(engine, plan.tag);
  });

  test("names each package file by archive, path, digest and size, what it depends on included", () => {
    const part = locked.locked?.parts["packages"];
    expect(part).toMatchObject({
      kind: "debian",
      packages: [
        { name: "tiny-lib", version: "1.0", archive: "debian", path: "pool/tiny-lib_1.0_all.deb" },
        {
          name: "tiny-tool",
          version: "1.0",
          architecture: "all",
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    });
  });

  test("holds the same files as the one it was made from, and is built without a look at any index", async () => {
    repository.takeRequests();
    const outcome = await build(locked, builder);
    expect(versionsOf(outcome)).toEqual(["1.0"]);
    const asked = repository.takeRequests();
    expect(asked.filter((path) => !path.startsWith("/debian/pool/"))).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
    const again = await listImageFiles(engine, locked.tag);
    expect([...again].filter(([path, facts]) => files.get(path) !== facts)).toEqual([]);
    expect([...files.keys()].filter((path) => !again.has(path))).toEqual([]);
  });
});

/** In the order of a life: each test moves the archive on. */
describe("an archive that moves on", () => {
  let locked: ImagePlan;
  let first: ImageOutcome;
  let plan: ImagePlan;

  beforeAll(async () => {
    plan = planOf("moving");
    first = await build(plan, "buildkit");
    locked = await lockOf(plan, first);
  });

  test("a newer version appears: the lock's own is taken; an image of before cannot be locked with the index of now", async () => {
    repository.add({ name: "tiny-extra", version: "1.0" });
    repository.add({ name: "tiny-tool", version: "2.0", depends: "tiny-lib, tiny-extra" });
    expect(versionsOf(await build(locked, "buildkit"))).toEqual(["1.0"]);
    await expect(lockOf(plan, first)).rejects.toMatchObject({
      code: "LOCK_INDEX_MOVED",
      message: expect.stringContaining("tiny-tool 1.0 (the index: 2.0)"),
    });
  });

  test("an update takes the newer version and what it newly needs, and leaves the rest locked", async () => {
    repository.add({ name: "tiny-lib", version: "1.1" });
    const network = noNetworkSettings;
    const signal = AbortSignal.timeout(60_000);
    const debs = await readNewerDebs(engine, locked, ["tiny-tool"], { network, signal });
    const moved = moveParts(locked, { names: new Set(["tiny-tool"]), fresh: plan, debs });
    const lock = moved.locked?.parts["packages"];
    const versions =
      lock?.kind === "debian" ? lock.packages.map(({ name, version }) => `${name} ${version}`) : [];
    expect(versions).toEqual(["tiny-extra 1.0", "tiny-lib 1.0", "tiny-tool 2.0"]);
    const next = { ...moved, tag: `${locked.tag}-moved` };
    const outcome = await build({ ...next, hash: hashPlan(next) }, "buildkit");
    expect(versionsOf(outcome)).toEqual(["2.0"]);
  });

  test("a version vanishes: its name is told, nothing is tagged, and an archive of snapshots has it still", async () => {
    repository.vanish("tiny-tool", "1.0");
    const tag = `${locked.tag}-gone`;
    const failed = await build({ ...locked, tag }, "buildkit");
    expect(failed).toMatchObject({
      status: "failed",
      code: "LOCK_PACKAGES_GONE",
      message: expect.stringContaining("no mirror has tiny-tool_1.0_all.deb"),
    });
    expect(await engine.images.inspect(tag)).toBeNull();
    repository.openSnapshot();
    const host = new URL(inject("aptProxy")).hostname;
    const snapshot = `http://${host}:${repository.port}/snapshot/`;
    expect(versionsOf(await build({ ...locked, tag }, "buildkit", { snapshot }))).toEqual(["1.0"]);
  });

  test("another file takes the name of a locked one: it is refused by its digest", async () => {
    repository.add({ name: "tiny-tool", version: "1.0", depends: "tiny-lib", says: "something else" });
    const tag = `${locked.tag}-changed`;
    expect(await build({ ...locked, tag }, "classic")).toMatchObject({
      status: "failed",
      code: "LOCK_PACKAGES_GONE",
      message: expect.stringContaining("another file now has the name of tiny-tool_1.0_all.deb"),
    });
    expect(await engine.images.inspect(tag)).toBeNull();
  });
});
