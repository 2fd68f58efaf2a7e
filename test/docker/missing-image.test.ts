import { setTimeout as delay } from "node:timers/promises";
import { expect, inject, test } from "vitest";
import type { BuildImage } from "../../src/sandbox/ensure/sandbox-request.ts";
import { setupToLayer } from "../../src/sandbox/ensure/setup-to-layer.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { execShell } from "../support/exec-shell.ts";
import { useManagerGateways } from "../support/use-manager-gateways.ts";

const { engine, gateway } = useManagerGateways();
const tag = (name: string) => `${inject("tagPrefix")}missing:${name}`;
const docker = (name: string) => ({ docker: { image: tag(name), containerPrefix: "skillcrate-test-" } });
const alice = "agent:main:telegram:dm:alice";
const bob = "agent:main:telegram:dm:bob";

/** One layer over the base, by the real builder. */
const buildWith =
  (script: string, asked: string[] = []): BuildImage =>
  async (reference, signal) => {
    asked.push(reference);
    const layer = { engine: engine(), reference: inject("baseImage"), script, tag: reference, buildArgs: {} };
    await setupToLayer({ ...layer, signal });
  };

test("a missing image is built once, for two sessions that wait, and both stand on it", async () => {
  const { requestFor, open } = gateway("built", docker("built"));
  const asked: string[] = [];
  await using manager = open({ missingImage: buildWith("echo here > /opt/made", asked) });
  const sandboxes = await Promise.all([alice, bob].map((key) => manager.ensure(requestFor(key))));
  expect(asked).toEqual([tag("built")]);
  for (const { id } of sandboxes) expect(await execShell(engine(), id, "cat /opt/made")).toBe("here\n");
  expect((await manager.ensure(requestFor(alice))).action).toBe("reused");
  expect(asked).toHaveLength(1);
});

test("a build that fails is everybody's error, leaves no sandbox, and is tried again by the next", async () => {
  const { requestFor, open, sandboxes } = gateway("broken", docker("broken"));
  const asked: string[] = [];
  await using manager = open({ missingImage: buildWith("echo why >&2; exit 3", asked) });
  const outcomes = await Promise.allSettled([alice, bob].map((key) => manager.ensure(requestFor(key))));
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "BUILD_FAILED" } });
  }
  expect(asked).toHaveLength(1);
  expect(await listSandboxes(sandboxes)).toEqual([]);
  await expect(manager.ensure(requestFor(alice))).rejects.toMatchObject({ code: "BUILD_FAILED" });
  expect(asked).toHaveLength(2);
});

test("a build goes on while somebody waits for it, and is stopped with the last", async () => {
  const { requestFor, open } = gateway("stopped", docker("stopped"));
  const asked: string[] = [];
  const stopped: unknown[] = [];
  const build = buildWith("sleep 60", asked);
  await using manager = open({
    missingImage: (reference, signal) =>
      build(reference, signal).catch((error: unknown) => {
        stopped.push(error);
        throw error;
      }),
  });
  const [first, second] = [new AbortController(), new AbortController()];
  const waiting = [
    manager.ensure({ ...requestFor(alice), signal: first.signal }),
    manager.ensure({ ...requestFor(bob), signal: second.signal }),
  ];
  const settled = Promise.allSettled(waiting);
  await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(1);
  await delay(500);
  first.abort();
  await expect(waiting[0]).rejects.toMatchObject({ code: "CANCELLED" });
  expect(stopped).toEqual([]);
  second.abort();
  await settled;
  await expect(waiting[1]).rejects.toMatchObject({ code: "CANCELLED" });
  await expect.poll(() => stopped.length, { timeout: 20_000 }).toBe(1);
  expect(stopped).toMatchObject([{ code: "CANCELLED" }]);
  expect(await engine().images.inspect(tag("stopped"))).toBeNull();
});
