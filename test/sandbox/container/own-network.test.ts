import { describe, expect, test } from "vitest";
import { SkillcrateError } from "../../../src/diagnostic/skillcrate-error.ts";
import { asInspected } from "../../../src/sandbox/container/as-inspected.ts";
import { checkContainerPlan } from "../../../src/sandbox/container/check-container-plan.ts";
import { compareContainer } from "../../../src/sandbox/container/compare-container.ts";
import type { ContainerPlan } from "../../../src/sandbox/container/container-plan.ts";
import { containerLabels } from "../../../src/sandbox/container/container-plan.ts";
import { makingName } from "../../../src/sandbox/container/making-name.ts";
import { collectSandboxGarbage } from "../../../src/sandbox/life/collect-sandbox-garbage.ts";
import { pruneSandboxes } from "../../../src/sandbox/life/prune-sandboxes.ts";
import { recreateSandboxes } from "../../../src/sandbox/life/recreate-sandboxes.ts";
import { stopSandbox } from "../../../src/sandbox/life/stop-sandbox.ts";
import { allowancesOf, type SandboxWorld, sandboxWorld } from "../../support/sandbox-world.ts";

const dayMs = 24 * 60 * 60 * 1000;

const planned = (world: SandboxWorld, settings = {}) => world.plan(settings, { ownNetwork: true });
const names = ({ memory }: SandboxWorld) => [...memory.networks.values()].map(({ name }) => name);

/** A world with a container that runs in its own network, and is free. */
async function madeWorld(): Promise<{ readonly world: SandboxWorld; readonly plan: ContainerPlan }> {
  const world = sandboxWorld();
  const plan = planned(world);
  (await world.ensure(plan)).release();
  return { world, plan };
}

describe("the plan of a container with a network of its own", () => {
  test("has a network by the container's name, which both its hash and its labels know", () => {
    const world = sandboxWorld();
    const [own, other] = [planned(world), world.plan()];
    const { owner, role, scopeKey, network } = containerLabels;
    expect(own.network).toEqual({ name: own.name, labels: expect.objectContaining({ [network]: own.name }) });
    for (const label of [owner, role, scopeKey])
      expect(own.network?.labels[label]).toBe(own.body.Labels[label]);
    expect(own.body).toMatchObject({
      Labels: { [network]: own.name },
      HostConfig: { NetworkMode: own.name },
    });
    expect(own.hash).not.toBe(other.hash);
    expect(other).toMatchObject({ network: null, body: { HostConfig: { NetworkMode: "none" } } });
    expect(other.body.Labels).not.toHaveProperty(network);
    expect(checkContainerPlan(own, allowancesOf(own))).toEqual([]);
  });

  test("differs from a container in any other, or in one more", () => {
    const own = planned(sandboxWorld());
    const inspected = asInspected(own) as { HostConfig: object; NetworkSettings: object };
    const inNetworks = (mode: string, ...joined: readonly string[]) => ({
      ...inspected,
      HostConfig: { ...inspected.HostConfig, NetworkMode: mode },
      NetworkSettings: { Networks: Object.fromEntries(joined.map((name) => [name, {}])) },
    });
    expect(compareContainer(own, inNetworks(own.name, own.name))).toEqual([]);
    expect(compareContainer(own, inNetworks("bridge", "bridge")).map(({ path }) => path)).toEqual([
      "HostConfig.NetworkMode",
      "NetworkSettings.Networks.bridge",
      `NetworkSettings.Networks.${own.name}`,
    ]);
    expect(compareContainer(own, inNetworks(own.name, own.name, "db"))).toHaveLength(1);
    // Podman says which kind it is.
    const podman = (...joined: readonly string[]) => {
      const said = inNetworks("bridge", ...joined);
      const paths = compareContainer(own, { ...said, HostConfig: { ...said.HostConfig, Runtime: "oci" } });
      return paths.map(({ path }) => path).filter((path) => /Network/.test(path));
    };
    expect(podman(own.name)).toEqual([]);
    expect(podman("podman")).toContain("HostConfig.NetworkMode");
    expect(podman(own.name, "db")).toContain("NetworkSettings.Networks.db");
  });

  test("is refused where it would join another one than is made", () => {
    const own = planned(sandboxWorld());
    const HostConfig = { ...own.body.HostConfig, NetworkMode: "bridge" };
    const wrong = { ...own, body: { ...own.body, HostConfig } };
    expect(checkContainerPlan(wrong, allowancesOf(own))).toMatchObject([
      { code: "CONTAINER_NAMESPACE_REFUSED" },
    ]);
  });
});

describe("a network of a container's own", () => {
  test("is made before it, and asked for by nobody who finds the container running", async () => {
    const { world, plan } = await madeWorld();
    const { calls } = world.memory;
    const step = (start: string) => calls.findIndex((call) => call.startsWith(start));
    expect(step("networks.create")).toBeLessThan(step("sandboxes.create"));
    const before = calls.length;
    expect(await world.ensure(plan)).toMatchObject({ action: "reused" });
    expect(calls.slice(before)).toEqual([`sandboxes.inspect ${plan.name}`]);
  });

  test("stays over a stop and over another container in the place of its own", async () => {
    const { world, plan } = await madeWorld();
    const [id] = world.memory.networks.keys();
    await stopSandbox({ ...world.gateway, name: plan.name });
    const started = await world.ensure(plan);
    expect(started.action).toBe("started");
    started.release();
    const changed = await world.ensure(planned(world, { pidsLimit: 9 }));
    expect(changed.action).toBe("recreated");
    expect([...world.memory.networks.keys()]).toEqual([id]);
  });

  test.each([
    [
      "recreate",
      (world: SandboxWorld) => recreateSandboxes({ ...world.gateway, selection: { kind: "all" } }),
    ],
    ["prune", (world: SandboxWorld) => pruneSandboxes({ ...world.gateway, nowMs: Date.now() + 99 * dayMs })],
    ["settings without it", async (world: SandboxWorld) => (await world.ensure(world.plan())).release()],
  ])("goes with %s", async (_, remove) => {
    const { world } = await madeWorld();
    expect(names(world)).toHaveLength(1);
    await remove(world);
    expect(names(world)).toEqual([]);
  });

  test("that is gone takes its container's use with it: a stopped one is made anew, whoever holds it", async () => {
    const { world, plan } = await madeWorld();
    const held = await world.ensure(plan);
    await world.memory.engine.sandboxes.stop(held.id, 0);
    world.memory.networks.clear();
    const anew = await world.ensure(plan);
    expect(anew.action).toBe("recreated");
    expect(anew.id).not.toBe(held.id);
    expect(names(world)).toEqual([plan.name]);
  });

  test("is another one to the engine once it was made anew", async () => {
    const { world, plan } = await madeWorld();
    await stopSandbox({ ...world.gateway, name: plan.name });
    const { sandboxes } = world.memory.engine;
    const { inspect } = sandboxes;
    const joining = (NetworkID: string) =>
      Object.assign(sandboxes, {
        inspect: async (name: string) => {
          const found = await inspect(name);
          const NetworkSettings = { Networks: { [plan.name]: { NetworkID } } };
          return found && { ...found, inspected: { ...(found.inspected as object), NetworkSettings } };
        },
      });
    joining([...world.memory.networks.keys()][0] ?? "");
    const same = await world.ensure(plan);
    expect(same.action).toBe("started");
    same.release();
    await stopSandbox({ ...world.gateway, name: plan.name });
    joining("network-of-before");
    expect((await world.ensure(plan)).action).toBe("recreated");
  });

  test("of another gateway or scope is not joined", async () => {
    const world = sandboxWorld();
    const plan = planned(world);
    await world.memory.engine.networks.create({ name: plan.name, labels: { [containerLabels.owner]: "x" } });
    await expect(world.ensure(plan)).rejects.toMatchObject({ code: "NETWORK_NAME_TAKEN" });
    expect(await world.containers()).toEqual([]);
    expect(names(world)).toEqual([plan.name]);
  });

  test("goes again where its container cannot be made, and stays where there was one", async () => {
    const world = sandboxWorld();
    const plan = planned(world);
    const failStart = () => {
      world.memory.before = (call) => {
        if (!call.startsWith("sandboxes.start")) return;
        throw new SkillcrateError("ENGINE_REFUSED", "no", { hint: "none" });
      };
    };
    failStart();
    await expect(world.ensure(plan)).rejects.toMatchObject({ code: "ENGINE_REFUSED" });
    expect([names(world), await world.containers()]).toEqual([[], []]);
    world.memory.before = () => {};
    (await world.ensure(plan)).release();
    failStart();
    await expect(world.ensure(planned(world, { pidsLimit: 9 }))).rejects.toMatchObject({
      code: "ENGINE_REFUSED",
    });
    expect(names(world)).toEqual([plan.name]);
    expect(await world.containers()).toEqual([`${plan.name} running`]);
  });
});

describe("gc", () => {
  const collect = (world: SandboxWorld, dryRun = false) =>
    collectSandboxGarbage({ ...world.gateway, graceMs: 30 * dayMs, dryRun });

  test("takes a network that a killed process left without a container, and no other", async () => {
    const { world, plan } = await madeWorld();
    const { networks, sandboxes } = world.memory.engine;
    const others = { ...plan.network?.labels, [containerLabels.owner]: "another" };
    await networks.create({ name: "another-gateway", labels: others });
    await networks.create({ name: "somebody's", labels: {} });
    expect((await collect(world)).networks).toEqual([]);
    const [container] = await sandboxes.list([]);
    await world.memory.engine.containers.remove(container?.id ?? "");
    expect((await collect(world, true)).networks).toEqual([plan.name]);
    expect((await collect(world)).networks).toEqual([plan.name]);
    expect(names(world)).toEqual(["another-gateway", "somebody's"]);
  });

  test("takes that of a half-made container with it, and leaves one that others were put into", async () => {
    const { world, plan } = await madeWorld();
    const { engine } = world.memory;
    const [ready] = await engine.sandboxes.list([]);
    await engine.sandboxes.create(makingName(plan.name), plan.body);
    // There is one that is ready, too.
    expect((await collect(world)).containers.removed).toHaveLength(1);
    expect(names(world)).toEqual([plan.name]);
    await engine.containers.remove(ready?.id ?? "");
    await engine.sandboxes.create(makingName(plan.name), plan.body);
    const [network] = world.memory.networks.values();
    if (network === undefined) throw new Error("no network");
    world.memory.networks.set(network.id, { ...network, containerNames: ["debugging"] });
    expect(await collect(world)).toMatchObject({ networks: [], containers: { removed: [{}] } });
    world.memory.networks.set(network.id, network);
    expect((await collect(world)).networks).toEqual([plan.name]);
  });

  test("leaves one whose container is being made", async () => {
    const world = sandboxWorld();
    const plan = planned(world);
    let collected: Promise<readonly string[]> | null = null;
    world.memory.before = (call) => {
      if (!call.startsWith("sandboxes.create")) return;
      collected ??= collect(world).then(({ networks }) => networks);
    };
    (await world.ensure(plan)).release();
    expect(collected).not.toBeNull();
    expect(await collected).toEqual([]);
    expect(names(world)).toEqual([plan.name]);
  });
});
