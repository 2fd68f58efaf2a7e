import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packContext } from "../../src/engine/build/pack-context.ts";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import { connectionStrategies } from "../../src/engine/connect/connection-strategies.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { labelImage } from "../../src/engine/label/label-image.ts";
import { factsOfContainer } from "../../src/sandbox/container/facts-of-container.ts";
import { buildRequest, imageOf, runBuild } from "../support/run-build.ts";

const podman = "/usr/bin/podman";

if (!existsSync(podman)) console.info(`${podman} is not there: its API is left out`);
describe.runIf(existsSync(podman))("Podman's API", () => {
  let folder: string;
  let service: ChildProcess;
  let engine: Engine;

  beforeAll(async () => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-podman-"));
    const socket = join(folder, "podman", "podman.sock");
    mkdirSync(join(folder, "podman"));
    mkdirSync(join(folder, "networks"));
    // Storage and networks of its own: nothing of this machine's Podman is touched.
    const storage = [
      "--root",
      join(folder, "root"),
      "--runroot",
      join(folder, "run"),
      "--storage-driver",
      "vfs",
      "--network-config-dir",
      join(folder, "networks"),
    ];
    service = spawn(podman, [...storage, "system", "service", "--time=0", `unix://${socket}`], {
      stdio: "ignore",
    });
    while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 50));
    const strategies = connectionStrategies.filter(({ name }) => name === "rootless Podman");
    engine = await connectEngine({ env: { XDG_RUNTIME_DIR: folder }, homeDir: folder, strategies });
  });

  afterAll(async () => {
    const ended = once(service, "exit");
    service.kill();
    await ended;
    rmSync(folder, { recursive: true });
  });

  test("is found at a user's socket, and has no BuildKit", async () => {
    expect(engine.info).toMatchObject({
      strategy: join(folder, "podman", "podman.sock"),
      product: "podman",
      platform: expect.stringMatching(/^linux\//),
      buildkit: false,
    });
    const { error } = await runBuild(engine, buildRequest("FROM scratch\n"));
    expect(error).toMatchObject({ code: "ENGINE_REFUSED", message: expect.stringContaining("no BuildKit") });
  });

  test("imports, tags, inspects, lists and removes", async () => {
    const tar = await packContext([{ path: "file", mode: 0o644, content: Buffer.from("x") }]);
    const id = await engine.images.importRoot(tar, ["LABEL a=b"]);
    await engine.images.tag(id, "localhost/imported:1");
    const details = await engine.images.inspect("localhost/imported:1");
    expect(details).toMatchObject({ id, tags: ["localhost/imported:1"], labels: { a: "b" } });
    expect(await engine.images.list("a=b")).toHaveLength(1);
    await engine.images.remove("localhost/imported:1");
    expect(await engine.images.inspect(id)).toBeNull();
    expect(await engine.images.inspect("localhost/none:1")).toBeNull();
  });

  test("makes networks, finds them by their labels, tells who is in which, and removes them", async () => {
    const spec = { name: "skillcrate-test-own", labels: { a: "b", c: "d" } };
    const id = await engine.networks.create(spec);
    await expect(engine.networks.create(spec)).rejects.toMatchObject({ code: "NETWORK_NAME_TAKEN" });
    const found = await engine.networks.inspect(spec.name);
    expect(found).toMatchObject({ ...spec, id, driver: "bridge", internal: false, containerNames: [] });
    expect(found?.subnets).toEqual([{ range: expect.stringMatching(/\/24$/), gateway: expect.any(String) }]);
    const named = async (...labels: string[]) => (await engine.networks.list(labels)).map(({ name }) => name);
    expect(await named("a=b", "c=d")).toEqual([spec.name]);
    expect(await named("a=b", "c=x")).toEqual([]);

    const tar = await packContext([{ path: "file", mode: 0o644, content: Buffer.from("x") }]);
    const image = await engine.images.importRoot(tar, []);
    const body = { Image: image, Cmd: ["/file"], HostConfig: { NetworkMode: spec.name } };
    const container = await engine.sandboxes.create("skillcrate-test-box", body);
    // In Docker's words the mode is the network's name.
    const facts = factsOfContainer((await engine.sandboxes.inspect(container))?.inspected);
    expect(facts.get("HostConfig.NetworkMode")).toBe(spec.name);
    expect(facts.get(`NetworkSettings.Networks.${spec.name}`)).toBe("joined");
    expect(await engine.networks.remove(spec.name)).toBe(false);
    await engine.containers.remove(container);
    expect(await engine.networks.remove(spec.name)).toBe(true);
    expect(await engine.networks.inspect(spec.name)).toBeNull();
    expect(await engine.networks.remove(spec.name)).toBe(true);
    await engine.images.remove(image);
  });

  test("builds, step by step", async () => {
    const dockerfile =
      "FROM scratch AS one\nCOPY file /file\nFROM scratch\nCOPY --from=one /file /copied\nLABEL c=d\n";
    const context = [{ path: "file", mode: 0o644, content: Buffer.from("x") }];
    const run = await runBuild(engine, buildRequest(dockerfile, { builder: "classic", context }));
    expect(await engine.images.inspect(imageOf(run))).toMatchObject({ labels: { c: "d" }, tags: [] });
    const titles = run.events.flatMap((event) => (event.type === "step-started" ? [event.title] : []));
    expect(titles).toEqual([
      "[1.1/2] FROM scratch AS one",
      "[1.2/2] COPY file /file",
      "[2.1/3] FROM scratch",
      "[2.2/3] COPY --from=one /file /copied",
      "[2.3/3] LABEL c=d",
    ]);
  });

  test("gives an image labels without a layer and without a name", async () => {
    const context = [{ path: "file", mode: 0o644, content: Buffer.from("x") }];
    const run = await runBuild(
      engine,
      buildRequest("FROM scratch\nCOPY file /x\n", { builder: "classic", context }),
    );
    const image = await engine.images.inspect(imageOf(run));
    if (image === null) throw new Error("no image");
    const labels = { "dev.a": '{"b": "$c \\ d"}', "dev.e": "" };
    const labelled = await labelImage(engine, image, labels, AbortSignal.timeout(60_000));
    expect(labelled).toMatchObject({ labels, layers: image.layers, tags: [] });
  });

  test("a failed step is told with its title", async () => {
    const request = buildRequest("FROM scratch\nCOPY missing /x\n", { builder: "classic" });
    const { events, error } = await runBuild(engine, request);
    expect(events.at(-1)).toMatchObject({ type: "step-failed", title: "[2/2] COPY missing /x" });
    expect(error).toMatchObject({ code: "BUILD_FAILED" });
  });
});
