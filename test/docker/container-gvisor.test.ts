import { homedir, release } from "node:os";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { compareContainer } from "../../src/sandbox/container/compare-container.ts";
import type { ContainerPlan } from "../../src/sandbox/container/container-plan.ts";
import { makeAttemptImage } from "../support/attempt-image.ts";
import { type AttemptWorld, createAttemptWorld } from "../support/attempt-world.ts";
import { callAttempts, otherAttempts } from "../support/escape-attempts.ts";
import { namespacesObstacle } from "../support/own-namespaces.ts";
import { createSecondDaemon, type SecondDaemon } from "../support/second-daemon.ts";
import { connectTestEngine } from "../support/test-engine.ts";

const obstacle = namespacesObstacle("runsc", "dockerd", "iptables");
if (obstacle !== null) console.info(`Left out: sandboxes under gVisor (${obstacle})`);

describe.runIf(obstacle === null)("a sandbox under gVisor", () => {
  let daemon: SecondDaemon;
  let engine: Engine;
  let world: AttemptWorld;
  let plan: ContainerPlan;

  beforeAll(async () => {
    // A kernel newer than runsc looks to it as if every network were the host's.
    const runtimeArgs = ["--platform=ptrace", "--oci-seccomp", "--network=none"];
    daemon = await createSecondDaemon({ runtimes: { runsc: { path: "runsc", runtimeArgs } } });
    await daemon.start();
    const [baseImage, aptProxy] = [inject("baseImage"), inject("aptProxy")];
    const tag = `${inject("tagPrefix")}attempts:gvisor`;
    const image = await makeAttemptImage(await connectTestEngine(), { baseImage, aptProxy, tag });
    await daemon.load(image);
    engine = await connectEngine({ env: { DOCKER_HOST: daemon.host }, homeDir: homedir() });
    const options = { image, testRun: inject("testRun") };
    world = await createAttemptWorld({ engine, docker: daemon.client, ...options });
    plan = await world.plan({}, { runtime: "runsc" });
  });
  afterAll(async () => {
    await world?.close();
    await daemon?.close();
  });

  test("is what was planned", async () => {
    const id = await world.start(plan.body);
    expect(compareContainer(plan, await daemon.client.getContainer(id).inspect())).toEqual([]);
  });

  test("lets no attempt get anything of the host's", async () => {
    const attempts = [...callAttempts, ...otherAttempts(await world.targets())];
    // Memory and processes that are used up end gVisor's own kernel, and with it the sandbox and this answer.
    const others = attempts.filter(({ attempt }) => !/^(?:memory|processes)=/.test(attempt));
    const found = await world.outcomes(plan.body, others);
    const succeeded = [...found].filter(([, outcome]) => outcome === "succeeded").map(([attempt]) => attempt);
    expect(succeeded.filter((attempt) => !answeredInside.includes(attempt))).toEqual([]);
    expect(found.size).toBeGreaterThanOrEqual(50);
  });

  test("does not see the host's kernel", async () => {
    const id = await world.start(plan.body);
    const command = ["python3", "-c", "import os; print(os.uname().release, end='')"];
    const { stdout } = await engine.containers.exec(id, {
      command,
      outputLimitBytes: 100,
      timeoutMs: 30_000,
    });
    expect(stdout).not.toBe("");
    expect(stdout).not.toBe(release());
  });
});

/** What gVisor's own kernel does for a program, with nothing but what is in the sandbox already. */
const answeredInside = [
  "device events socket",
  "user namespace by unshare",
  "user namespace by clone",
  "chroot",
  "ptrace",
  "io_uring",
  "syslog",
  "set_mempolicy",
  "get_mempolicy",
];
