import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { callCli } from "../support/call-cli.ts";
import { execShell } from "../support/exec-shell.ts";
import { namespacesObstacle } from "../support/own-namespaces.ts";
import { createSecondDaemon, type SecondDaemon } from "../support/second-daemon.ts";
import { useManagerGateways } from "../support/use-manager-gateways.ts";

const obstacle = namespacesObstacle("dockerd", "iptables", "prlimit");
if (obstacle !== null) console.info(`Left out: an engine with limits of its own (${obstacle})`);

const alice = "agent:main:telegram:dm:alice";
const { gateway } = useManagerGateways();

describe.runIf(obstacle === null)("on an engine that may have 3,000 files open", () => {
  let daemon: SecondDaemon;

  beforeAll(async () => {
    // As where services are bounded: limits may be lowered, and not raised.
    const bounded = ["setpriv", "--bounding-set", "-sys_resource", "prlimit", "--nofile=3000:3000"];
    daemon = await createSecondDaemon({}, bounded);
    await daemon.start();
    await daemon.load(inject("baseImage"));
  });
  afterAll(async () => await daemon?.close());

  test("a sandbox has those where it was to have more, and everybody says so and finds it as planned", async () => {
    const env = { DOCKER_HOST: daemon.host };
    const engine = await connectEngine({ env, homeDir: "/nonexistent" });
    const there = gateway("bounded");
    const steps: string[] = [];
    await using manager = there.open({ engine, onEvent: ({ step }) => steps.push(step) });
    const sandbox = await manager.ensure(there.requestFor(alice));
    expect(steps).toEqual(["created", "compared", "limited", "created", "compared", "started"]);
    expect(await execShell(engine, sandbox.id, "ulimit -Sn; ulimit -Hn")).toBe("1024\n3000\n");
    expect(sandbox.diagnostics).toMatchObject([{ code: "SANDBOX_ULIMITS_LOWERED" }]);
    expect(await listSandboxes({ ...there.sandboxes, engine })).toHaveLength(1);

    await using next = there.open({ engine });
    expect(await next.ensure(there.requestFor(alice))).toMatchObject({ id: sandbox.id, action: "reused" });
    const surroundings = there.write();
    const explained = await callCli(["explain", "--session", alice], {
      ...surroundings,
      env: { ...surroundings.env, ...env },
    });
    expect(explained.stdout).toContain("it is what would be made now");
    expect(explained.stdout).toContain("no more than nofile 3000");
    // Nothing that was made on the way is left.
    expect(await daemon.client.listContainers({ all: true })).toHaveLength(1);
  });
});
