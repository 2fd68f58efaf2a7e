import { rmSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import { collectSandboxGarbage } from "../../src/sandbox/life/collect-sandbox-garbage.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { measureSandboxes } from "../../src/sandbox/life/measure-sandboxes.ts";
import { pruneSandboxes } from "../../src/sandbox/life/prune-sandboxes.ts";
import { recreateSandboxes } from "../../src/sandbox/life/recreate-sandboxes.ts";
import { stopSandbox } from "../../src/sandbox/life/stop-sandbox.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { callInProcess } from "../support/call-in-process.ts";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { setup } from "../support/docker-gateway.ts";
import { execShell } from "../support/exec-shell.ts";
import { rebuildBase } from "../support/rebuild-base.ts";
import { useDockerGateways } from "../support/use-docker-gateways.ts";

const hourMs = 60 * 60 * 1000;

const { engine, dir, newGateway } = useDockerGateways();
let bundle: string;

beforeAll(async () => {
  bundle = await bundleSource(["../test/support/sandbox-process.ts"], join(dir(), "bundle"));
});

const sh = (id: string, script: string) => execShell(engine(), id, script);

describe("one container", () => {
  test("for twenty callers in each of four processes; as planned, and found with one request", async () => {
    const gateway = newGateway();
    const plan = gateway.plan("many");
    const processes = Array.from({ length: 4 }, () =>
      callInProcess<string[]>(bundle, "ensureInProcess", [gateway.request("many", plan), { callers: 20 }]),
    );
    const ids = (await Promise.all(processes.map(({ result }) => result))).flat();
    expect(ids).toHaveLength(80);
    expect(new Set(ids).size).toBe(1);
    expect(await gateway.there()).toEqual([`${plan.name} running`]);

    const proxy = await startCountingProxy();
    const counted = await connectEngine({
      env: { DOCKER_HOST: `unix://${proxy.socketPath}` },
      homeDir: homedir(),
    });
    const asked = proxy.requests.length;
    const { id, action, release } = await gateway.ensure("many", plan, counted);
    expect({ id, action }).toEqual({ id: ids[0], action: "reused" });
    expect(proxy.requests.slice(asked)).toEqual([`GET /containers/${plan.name}/json`]);
    release();
    expect(await sh(id, "id -u; touch /workspace/x && echo wrote; touch /x 2>&1")).toMatch(
      /^\d+\nwrote\n.*Read-only/,
    );
  });

  test("is started where it had stopped, and made again where it was removed by hand", async () => {
    const gateway = newGateway();
    const { id, release } = await gateway.ensure("stopped");
    await expect(stopSandbox({ ...gateway.sandboxes, name: "stopped" })).rejects.toMatchObject({
      code: "SANDBOX_IN_USE",
    });
    release();
    await stopSandbox({ ...gateway.sandboxes, name: "stopped", timeoutSeconds: 0 });
    expect(await gateway.there()).toEqual([expect.stringContaining(" exited")]);
    const started = await gateway.ensure("stopped");
    expect(started).toMatchObject({ id, action: "started" });
    await engine().containers.remove(id);
    const created = await gateway.ensure("stopped");
    expect(created.action).toBe("created");
    expect(await gateway.there()).toEqual([expect.stringContaining(" running")]);
  });

  test("goes with its image: rebuilt under the same tag it is made anew, once nobody uses it", async () => {
    const gateway = newGateway();
    const rebuilt = await rebuildBase(engine(), `${inject("tagPrefix")}life:rebuilt`);
    const first = await gateway.ensure("rebuilt");
    const later = await gateway.ensure("rebuilt", gateway.plan("rebuilt", {}, rebuilt));
    expect(later).toMatchObject({ id: first.id, action: "reused", outdated: [{ kind: "image" }] });
    later.release();
    first.release();
    const request = { ...gateway.sandboxes, selection: { kind: "all" } as const, mismatched: true };
    expect((await recreateSandboxes(request)).removed).toEqual([]);
    const last = await gateway.ensure("rebuilt", gateway.plan("rebuilt", { setup }, rebuilt));
    expect(last).toMatchObject({ action: "recreated", outdated: [{ kind: "image" }] });
    expect(last.id).not.toBe(first.id);
    expect(await sh(last.id, "cat /tmp/prepared")).toBe("prepared\n");
    last.release();
    // The tag names the older one.
    expect((await recreateSandboxes(request)).removed).toMatchObject([{ id: last.id, mismatch: "image" }]);
    expect(await gateway.there()).toEqual([]);
  });
});

describe("what is in use", () => {
  test("by another process is neither pruned, stopped nor recreated; once that is killed it is", async () => {
    const gateway = newGateway();
    const request = gateway.request("held", gateway.plan("held", { pruneIdleHours: 1 }));
    const holder = callInProcess(bundle, "ensureInProcess", [request, { holdMs: 60_000 }]);
    await holder.ready;
    const later = { ...gateway.sandboxes, nowMs: Date.now() + 2 * hourMs };
    const all = { ...gateway.sandboxes, selection: { kind: "all" } as const };
    expect(await pruneSandboxes(later)).toMatchObject({ removed: [], kept: [{ why: "idle", inUse: true }] });
    expect(await recreateSandboxes(all)).toMatchObject({ removed: [], kept: [{ inUse: true }] });
    const outdated = await gateway.ensure("held", gateway.plan("held", { pidsLimit: 100 }));
    expect(outdated).toMatchObject({ action: "reused", outdated: [{ kind: "plan" }] });
    outdated.release();
    holder.child.kill("SIGKILL");
    await holder.ended;
    expect(await pruneSandboxes(later)).toMatchObject({ removed: [{ why: "idle" }], kept: [] });
  });

  test("idle hours count from the last use, days from the making; 0 is never", async () => {
    const gateway = newGateway();
    const settings = {
      idle: { pruneIdleHours: 5, pruneMaxAgeDays: 0 },
      old: { pruneIdleHours: 0, pruneMaxAgeDays: 1 },
      never: { pruneIdleHours: 0, pruneMaxAgeDays: 0 },
    };
    for (const [session, prune] of Object.entries(settings)) {
      (await gateway.ensure(session, gateway.plan(session, prune))).release();
    }
    const due = async (hours: number) => {
      const request = { ...gateway.sandboxes, dryRun: true, nowMs: Date.now() + hours * hourMs };
      return (await pruneSandboxes(request)).removed.map(({ scope, why }) => `${scope.key} ${why}`).sort();
    };
    expect(await due(4)).toEqual([]);
    expect(await due(6)).toEqual(["idle idle"]);
    const used = new Date(Date.now() + 3 * hourMs);
    utimesSync(join(gateway.folder("idle").recordsDir, "container-used"), used, used);
    expect(await due(6)).toEqual([]);
    expect(await due(25)).toEqual(["idle idle", "old age"]);
    expect(await gateway.there()).toHaveLength(3);
  });
});

describe("labels", () => {
  test("tell everything: without its files a gateway still knows its sandboxes", async () => {
    const gateway = newGateway();
    const { id, release } = await gateway.ensure("known");
    release();
    rmSync(gateway.folder("known").recordsDir, { recursive: true });
    expect(await listSandboxes(gateway.sandboxes)).toMatchObject([
      { id, scope: { kind: "session", key: "known" }, agent: "main", state: "running", inUse: false },
    ]);
    expect(await gateway.ensure("known")).toMatchObject({ id, action: "reused" });
  });

  test("keep two gateways apart that have the same names", async () => {
    const [one, other] = [newGateway(), newGateway()];
    const theirs = await other.ensure("main");
    theirs.release();
    const plan = other.plan("main");
    // A prefix and a hash that happen to be the same.
    const mine = { ...one.plan("main"), name: plan.name };
    await expect(one.ensure("main", mine)).rejects.toMatchObject({ code: "CONTAINER_NAME_TAKEN" });
    const far = Date.now() + 1000 * hourMs;
    expect(await pruneSandboxes({ ...one.sandboxes, nowMs: far })).toEqual({ removed: [], kept: [] });
    const all = { ...one.sandboxes, selection: { kind: "all" } as const, force: true };
    expect(await recreateSandboxes(all)).toEqual({ removed: [], kept: [] });
    await expect(stopSandbox({ ...one.sandboxes, name: plan.name })).rejects.toMatchObject({
      code: "SANDBOX_NOT_FOUND",
    });
    await collectSandboxGarbage({ ...one.sandboxes, graceMs: 0 });
    expect(await other.there()).toEqual([`${plan.name} running`]);
    expect(one.sandboxes.owner).not.toBe(other.sandboxes.owner);
  });

  test("a scope whose folder is gone loses its container; what it took is told before", async () => {
    const gateway = newGateway();
    const { id, release } = await gateway.ensure("gone");
    release();
    await sh(id, "head -c 100000 /dev/zero > /workspace/file");
    const [usage] = await measureSandboxes(gateway.sandboxes);
    expect(usage).toMatchObject({ scope: { kind: "session", key: "gone" }, homeBytes: 0 });
    expect(usage?.workspaceBytes).toBeGreaterThanOrEqual(100_000);
    rmSync(gateway.folder("gone").dir, { recursive: true });
    const request = { ...gateway.sandboxes, graceMs: hourMs };
    const why = { containers: { removed: [{ id, why: "no folder" }] } };
    expect(await collectSandboxGarbage({ ...request, dryRun: true })).toMatchObject(why);
    expect(await gateway.there()).toHaveLength(1);
    expect(await collectSandboxGarbage(request)).toMatchObject(why);
    expect(await gateway.there()).toEqual([]);
  });
});
