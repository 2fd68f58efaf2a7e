import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const docker = new Docker();
let engine: Engine;
let dir: string;
let id: string;

// A gateway in a container of the engine, with the engine's socket: its own folder is `/srv-state` there.
beforeAll(async () => {
  engine = await connectTestEngine();
  dir = realpathSync(mkdtempSync(join(tmpdir(), "skillcrate-inside-")));
  mkdirSync(join(dir, "state"));
  const parts = ["engine/connect/connect-engine.ts", "sandbox/host-paths/create-host-paths.ts"];
  const bundle = await bundleSource(parts, join(dir, "code"));
  writeFileSync(
    join(dir, "code/ask.mjs"),
    `import { connectEngine, createHostPaths, readOwnContainerId } from ${JSON.stringify(bundle)};
    const [image, ...paths] = process.argv.slice(2);
    const engine = await connectEngine({ env: { DOCKER_HOST: "unix:///engine.sock" }, homeDir: "/" });
    const containerId = readOwnContainerId();
    const hostPaths = createHostPaths({ engine, containerId });
    const answers = [];
    for (const path of paths) {
      answers.push(await hostPaths.toEngine(path, image).catch((error) => error.code));
    }
    console.log(JSON.stringify({ containerId, answers }));
    process.exit(0);`,
  );
  const socket = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");
  const modules = join(process.cwd(), "node_modules");
  const bind = (Source: string, Target: string) => ({
    Type: "bind" as const,
    Source,
    Target,
    ReadOnly: Target !== "/srv-state",
  });
  const container = await docker.createContainer({
    Image: inject("baseImage"),
    Cmd: ["sleep", "120"],
    User: "0:0",
    Labels: { [testLabel]: inject("testRun") },
    HostConfig: {
      NetworkMode: "none",
      Init: true,
      Mounts: [
        bind(realpathSync(process.execPath), "/node"),
        bind(join(dir, "code"), join(dir, "code")),
        bind(realpathSync(modules), modules),
        bind(realpathSync(socket), "/engine.sock"),
        bind(join(dir, "state"), "/srv-state"),
      ],
    },
  });
  await container.start();
  ({ id } = container);
});

afterAll(async () => {
  await docker.getContainer(id).remove({ force: true });
  rmSync(dir, { recursive: true });
});

it("a gateway in a container knows its folders as the engine has them, by a file read through the engine", async () => {
  mkdirSync(join(dir, "state/sandboxes"));
  const command = [
    "/node",
    join(dir, "code/ask.mjs"),
    inject("baseImage"),
    "/srv-state/sandboxes",
    "/srv-state",
    "/root",
  ];
  const { stdout, stderr } = await engine.containers.exec(id, {
    command,
    outputLimitBytes: 10_000,
    timeoutMs: 60_000,
  });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    containerId: id,
    answers: [join(dir, "state/sandboxes"), join(dir, "state"), "HOST_PATH_UNKNOWN"],
  });
  // Nothing of the proof is left, neither a file nor a container.
  const { stdout: left } = await execa("ls", ["-A", join(dir, "state"), join(dir, "state/sandboxes")]);
  expect(left).not.toContain("proof");
  const named = await docker.listContainers({ all: true, filters: { name: ["skillcrate-proof-"] } });
  expect(named).toEqual([]);
});
