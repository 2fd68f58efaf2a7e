import { existsSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import { explainContainer } from "../../src/sandbox/explain/explain-container.ts";
import { planExisting } from "../../src/sandbox/explain/plan-existing.ts";
import { collectSandboxGarbage } from "../../src/sandbox/life/collect-sandbox-garbage.ts";
import { findScopeContainer } from "../../src/sandbox/life/find-scope-container.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { recreateSandboxes } from "../../src/sandbox/life/recreate-sandboxes.ts";
import { stopSandbox } from "../../src/sandbox/life/stop-sandbox.ts";
import { callCli } from "../support/call-cli.ts";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { execShell } from "../support/exec-shell.ts";
import { useManagerGateways } from "../support/use-manager-gateways.ts";

const alice = "agent:main:telegram:dm:alice";
const bob = "agent:main:telegram:dm:bob";

const { engine, gateway } = useManagerGateways();

const sh = (id: string, script: string) => execShell(engine(), id, script);
const poolOfOne = { warmPool: { size: 1 } };
const noPool = { warmPool: { size: 0 } };

describe("a sandbox of the pool", () => {
  test("becomes a session's: its folders, its container, and nothing is created", async () => {
    const { document, requestFor, open, sandboxes: there } = gateway("one");
    const proxy = await startCountingProxy();
    const env = { DOCKER_HOST: `unix://${proxy.socketPath}` };
    await using manager = open({ ...noPool, engine: await connectEngine({ env, homeDir: homedir() }) });
    await using filling = open(poolOfOne);
    expect(await filling.fillPool(requestFor(alice))).toBe(1);
    const [waiting] = await listSandboxes(there);
    expect(waiting).toMatchObject({ pool: "waiting", state: "running", inUse: false, agent: "main" });
    expect(JSON.stringify(waiting)).not.toContain("alice");

    const asked = proxy.requests.length;
    const request = requestFor(alice);
    const sandbox = await manager.ensure(request);
    expect(sandbox).toMatchObject({ id: waiting?.id, action: "claimed", outdated: [] });
    expect(proxy.requests.slice(asked).filter((line) => !line.startsWith("GET "))).toEqual([
      expect.stringContaining(`POST /containers/${waiting?.name}/rename`),
    ]);
    const [skill] = sandbox.skills.skills;
    expect(await sh(sandbox.id, `cat ${skill?.location}`)).toContain("name: greeter");
    await sh(sandbox.id, "echo kept > ~/x; echo here > /workspace/y");
    expect(existsSync(join(sandbox.folder.homeDir, "x"))).toBe(true);
    expect(existsSync(join(sandbox.folder.workspaceDir, "y"))).toBe(true);

    const warm = proxy.requests.length;
    expect(await manager.ensure(requestFor(alice))).toMatchObject({ id: sandbox.id, action: "reused" });
    expect(proxy.requests.slice(warm)).toHaveLength(2);

    // All who look at it find it by the session.
    expect(await listSandboxes(there)).toMatchObject([
      { id: sandbox.id, pool: "claimed", scope: { key: alice }, name: sandbox.name, inUse: true },
    ]);
    const signal = AbortSignal.timeout(60_000);
    const details = await findScopeContainer(there, request.session.scope, signal);
    if (details === null) throw new Error("not found");
    const existing = { document, config: request.config, session: request.session, gateway: there, details };
    const plan = await planExisting(existing, signal);
    expect(plan?.hash).toBe(sandbox.plan.hash);
    expect(explainContainer(details, plan).differences).toEqual([]);
  });

  test("survives a stop, and its folders are the session's after it is made anew", async () => {
    const { requestFor, open, sandboxes: there } = gateway("two");
    await using manager = open(poolOfOne);
    await manager.fillPool(requestFor(alice));
    const sandbox = await manager.ensure(requestFor(alice));
    await sh(sandbox.id, "echo kept > ~/x");
    sandbox.release();
    await stopSandbox({ ...there, name: alice, timeoutSeconds: 0 });
    const again = await manager.ensure(requestFor(alice));
    expect(again).toMatchObject({ id: sandbox.id, action: "started" });
    expect(await sh(again.id, "cat ~/x")).toBe("kept\n");
    again.release();
    await recreateSandboxes({ ...there, selection: { kind: "session", session: alice } });
    const anew = await manager.ensure(requestFor(alice));
    expect(anew.action).toBe("created");
    expect(await sh(anew.id, "cat ~/x")).toBe("kept\n");
    expect(anew.plan.body.Labels["dev.skillcrate.pool"]).toBeUndefined();
    expect((await manager.ensure(requestFor(alice))).action).toBe("reused");
  });

  test("is filled up beside the first new session, and again for each that is taken", async () => {
    const { requestFor, open, sandboxes: there } = gateway("three");
    const errors: unknown[] = [];
    const manager = open({ warmPool: { size: 1, onError: (error) => errors.push(error) } });
    const states = async () => (await listSandboxes(there)).map(({ pool }) => pool);
    expect((await manager.ensure(requestFor(alice))).action).toBe("created");
    await expect.poll(states, { timeout: 120_000 }).toContain("waiting");
    expect((await manager.ensure(requestFor(bob))).action).toBe("claimed");
    await expect
      .poll(states, { timeout: 120_000 })
      .toEqual(expect.arrayContaining([null, "claimed", "waiting"]));
    await manager.close();
    expect(errors).toEqual([]);
  });

  test("is one session's, of two gateways' processes that want it; of other settings it is nobody's", async () => {
    const { requestFor, open, sandboxes: there } = gateway("four");
    await using first = open(noPool);
    await using second = open(noPool);
    await using filling = open(poolOfOne);
    await filling.fillPool(requestFor(alice));
    const sandboxes = await Promise.all([first.ensure(requestFor(alice)), second.ensure(requestFor(bob))]);
    expect(sandboxes.map(({ action }) => action).sort()).toEqual(["claimed", "created"]);
    expect(new Set(sandboxes.map(({ id }) => id)).size).toBe(2);
    const other = gateway("four", {
      docker: { image: inject("baseImage"), containerPrefix: "skillcrate-test-", memory: "256m" },
    });
    await filling.fillPool(requestFor(alice));
    expect((await first.ensure(other.requestFor("agent:main:telegram:dm:carol"))).action).toBe("created");
    expect((await listSandboxes(there)).map(({ pool }) => pool).sort()).toEqual(
      ["claimed", "waiting", null, null].sort(),
    );
  });

  test("goes with gc where its claim is lost, and the session has its folders all the same", async () => {
    const { requestFor, open, sandboxes: there } = gateway("five");
    await using manager = open(poolOfOne);
    await manager.fillPool(requestFor(alice));
    const sandbox = await manager.ensure(requestFor(alice));
    await sh(sandbox.id, "echo kept > ~/x");
    sandbox.release();
    await expect.poll(async () => (await listSandboxes(there)).length, { timeout: 120_000 }).toBe(2);
    rmSync(join(sandbox.folder.recordsDir, "pool-claim.json"));
    const { containers } = await collectSandboxGarbage({ ...there, graceMs: 3_600_000 });
    expect(containers.removed).toMatchObject([{ id: sandbox.id, why: "no claim", pool: "lost" }]);
    const anew = await manager.ensure(requestFor(alice));
    expect(anew.action).toBe("created");
    expect(await sh(anew.id, "cat ~/x")).toBe("kept\n");
  });

  test("is kept ready by hand too, and taken by the commands; one for all has nothing to wait for", async () => {
    const { requestFor, write } = gateway("six");
    const surroundings = write();
    const call = (...argv: readonly string[]) => callCli(["sandbox", ...argv], surroundings);
    const warm = await call("warm", "--size", "1", "--json");
    expect(warm.exitCode, warm.stderr).toBe(0);
    expect(JSON.parse(warm.stdout)).toMatchObject({ result: { agent: "main", size: 1, made: 1 } });
    expect((await call("list")).stdout).toContain("waits for a session");
    const run = await call("run", "--session", requestFor(alice).session.key, "--json");
    expect(JSON.parse(run.stdout)).toMatchObject({ result: { action: "claimed" } });
    const refused = await callCli(["sandbox", "warm"], gateway("seven", { scope: "agent" }).write());
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("for each agent");
  });
});
