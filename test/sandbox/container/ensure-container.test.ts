import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SkillcrateError } from "../../../src/diagnostic/skillcrate-error.ts";
import { asInspected } from "../../../src/sandbox/container/as-inspected.ts";
import { containerLabels } from "../../../src/sandbox/container/container-plan.ts";
import { setupLogPath } from "../../../src/sandbox/container/container-records.ts";
import { createContainerUses, isSandboxLeased } from "../../../src/sandbox/container/container-use.ts";
import { makingName } from "../../../src/sandbox/container/making-name.ts";
import { recreateSandboxes } from "../../../src/sandbox/life/recreate-sandboxes.ts";
import { connectTo, sendJson, startFakeEngine } from "../../support/fake-engine.ts";
import { type SandboxWorld, sandboxWorld } from "../../support/sandbox-world.ts";

const setup = { command: ["prepare", "--now"], timeoutMs: 1000 };

/** The calls of one action. */
async function callsOf({ memory }: SandboxWorld, action: () => Promise<unknown>): Promise<readonly string[]> {
  const before = memory.calls.length;
  await action();
  return memory.calls.slice(before);
}

/** As an engine would say that something has changed a container. */
function changeMemory(world: SandboxWorld): void {
  const { sandboxes } = world.memory.engine;
  const { inspect } = sandboxes;
  Object.assign(sandboxes, {
    inspect: async (...args: Parameters<typeof inspect>) => {
      const found = await inspect(...args);
      if (found === null) return null;
      const inspected = structuredClone(found.inspected) as { HostConfig: { Memory: number } };
      inspected.HostConfig.Memory = 1;
      return { ...found, inspected };
    },
  });
}

describe("one container for all", () => {
  test("who finds it running asks the engine one thing", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    const first = await world.ensure(plan);
    expect(first).toMatchObject({ action: "created", outdated: [] });
    const calls = await callsOf(world, async () => {
      expect(await world.ensure(plan)).toMatchObject({ id: first.id, action: "reused", outdated: [] });
    });
    expect(calls).toEqual([`sandboxes.inspect ${plan.name}`]);
    expect(world.events.map(({ step }) => step)).toEqual(["created", "compared", "started"]);
  });

  test("of twenty at once, in two gateways' processes, one makes it", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    const other = createContainerUses();
    const calls = await callsOf(world, async () => {
      const ensured = await Promise.all(
        Array.from({ length: 20 }, (_, index) => world.ensure(plan, index % 2 === 0 ? {} : { uses: other })),
      );
      expect(new Set(ensured.map(({ id }) => id)).size).toBe(1);
    });
    expect(calls.filter((call) => call.startsWith("sandboxes.create"))).toHaveLength(1);
    expect(await world.containers()).toEqual([`${plan.name} running`]);
  });

  test("one that has stopped is started", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    const { id } = await world.ensure(plan);
    await world.memory.engine.sandboxes.stop(id, 1);
    expect(await world.ensure(plan)).toMatchObject({ id, action: "started" });
    expect(await world.containers()).toEqual([`${plan.name} running`]);
  });

  test("one that was removed by hand is made again", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    const { id } = await world.ensure(plan);
    await world.memory.engine.containers.remove(id);
    expect(await world.ensure(plan)).toMatchObject({ action: "created" });
  });

  test("a caller that gives up leaves the others theirs", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    const controller = new AbortController();
    const leaving = world.ensure(plan, { signal: controller.signal });
    const staying = world.ensure(plan);
    controller.abort();
    await expect(leaving).rejects.toMatchObject({ code: "CANCELLED" });
    expect(await staying).toMatchObject({ action: "created" });
  });

  test("a caller that gives up while the engine answers leaves no lease behind", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    (await world.ensure(plan)).release();
    const controller = new AbortController();
    world.memory.before = () => controller.abort();
    await expect(world.ensure(plan, { signal: controller.signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    world.memory.before = () => {};
    const { recordsDir } = world.folder();
    // Whoever asks next waits until the other is through.
    (await world.ensure(plan, { uses: createContainerUses() })).release();
    expect(isSandboxLeased(recordsDir)).toBe(false);
  });
});

describe("what the engine made", () => {
  test("is removed, and never run, where it is not as planned", async () => {
    const world = sandboxWorld();
    changeMemory(world);
    const calls = await callsOf(world, async () => {
      await expect(world.ensure(world.plan())).rejects.toMatchObject({
        code: "SANDBOX_DIFFERS",
        message: expect.stringContaining('HostConfig.Memory: planned "1073741824", found "1"'),
      });
    });
    expect(calls.some((call) => call.startsWith("sandboxes.start"))).toBe(false);
    expect(await world.containers()).toEqual([]);
  });

  test("is made anew where somebody has changed it since; while it is in use nobody else gets it", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    const { id, release } = await world.ensure(plan);
    const { inspect } = world.memory.engine.sandboxes;
    changeMemory(world);
    await expect(world.ensure(plan)).rejects.toMatchObject({ code: "SANDBOX_DIFFERS" });
    expect(await world.containers()).toEqual([`${plan.name} running`]);
    release();
    // What is made now is as planned.
    const changed = world.memory.engine.sandboxes.inspect;
    Object.assign(world.memory.engine.sandboxes, {
      inspect: (name: string) => (name === plan.name ? changed(name) : inspect(name)),
    });
    const again = await world.ensure(plan);
    expect(again).toMatchObject({
      action: "recreated",
      outdated: [{ kind: "changed", differences: [{ path: "HostConfig.Memory" }] }],
    });
    expect(again.id).not.toBe(id);
  });

  test("has no plan that would open it", async () => {
    const world = sandboxWorld();
    const plan = world.plan({ network: "host" });
    const calls = await callsOf(world, async () => {
      await expect(world.ensure(plan)).rejects.toMatchObject({
        code: "INPUT_INVALID",
        diagnostics: [{ code: "CONTAINER_NAMESPACE_REFUSED" }],
      });
    });
    expect(calls).toEqual([`sandboxes.inspect ${plan.name}`]);
  });
});

describe("whose name it is", () => {
  const makeOther = async (world: SandboxWorld, labels: Record<string, string>) => {
    const plan = world.plan();
    const Labels = { ...plan.body.Labels, ...labels };
    await world.memory.engine.sandboxes.create(plan.name, { ...plan.body, Labels });
    return plan;
  };

  test.each([
    ["another gateway", { [containerLabels.owner]: "ffffffff" }],
    ["another scope", { [containerLabels.scopeKey]: "agent:main:telegram:dm:mallory" }],
    ["another kind of scope", { [containerLabels.scope]: "agent" }],
    ["a browser", { [containerLabels.role]: "browser" }],
    ["nobody we know", { [containerLabels.role]: "" }],
  ])("a container of %s is neither used nor touched", async (_, labels) => {
    const world = sandboxWorld();
    const plan = await makeOther(world, labels);
    await expect(world.ensure(plan)).rejects.toMatchObject({ code: "CONTAINER_NAME_TAKEN" });
    expect(await world.containers()).toEqual([`${plan.name} created`]);
  });

  test("who loses a race for the name takes what the winner made", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    world.memory.before = async (call) => {
      if (call !== `sandboxes.create ${plan.name}`) return;
      world.memory.before = () => {};
      await makeOther(world, {});
    };
    expect(await world.ensure(plan)).toMatchObject({ action: "started" });
    expect(await world.containers()).toEqual([`${plan.name} running`]);
  });
});

describe("an outdated one", () => {
  const newImage = `sha256:${"cd".repeat(32)}`;
  const rebuilt = { image: { reference: "openclaw-sandbox:bookworm-slim", id: newImage, env: [] } };

  test("is recreated where the tag names another image, and where settings changed", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    const first = await world.ensure(plan);
    first.release();
    const second = await world.ensure(world.plan({}, rebuilt));
    expect(second).toMatchObject({
      action: "recreated",
      outdated: [{ kind: "image", plannedId: newImage, realId: plan.image.id }],
    });
    second.release();
    const third = await world.ensure(world.plan({ pidsLimit: 64 }, rebuilt));
    expect(third).toMatchObject({ action: "recreated", outdated: [{ kind: "plan" }] });
    expect(await world.containers()).toEqual([`${plan.name} running`]);
  });

  test("stays while somebody uses it, in this process or another, and is told", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    const outdated = [{ kind: "image" }];
    const first = await world.ensure(plan);
    const second = await world.ensure(world.plan({}, rebuilt));
    expect(second).toMatchObject({ id: first.id, action: "reused", outdated });
    second.release();
    second.release();
    const elsewhere = { uses: createContainerUses() };
    const third = await world.ensure(world.plan({}, rebuilt), elsewhere);
    expect(third).toMatchObject({ id: first.id, action: "reused", outdated });
    third.release();
    first.release();
    expect(await world.ensure(world.plan({}, rebuilt), elsewhere)).toMatchObject({ action: "recreated" });
  });

  test("is one with a folder that was removed and made anew since it was started", async () => {
    const world = sandboxWorld();
    const { homeDir, workspaceDir } = world.folder();
    const folders = [
      { source: homeDir, target: "/workspace/home" },
      { source: workspaceDir, target: "/workspace" },
    ];
    for (const { source } of folders) mkdirSync(source);
    const plan = world.plan();
    const ensure = async () => {
      const { id, action, outdated, release } = await world.ensure(plan, { folders });
      release();
      return { id, action, outdated };
    };
    const first = await ensure();
    expect(first.action).toBe("created");
    // Without the record it counts from now on.
    rmSync(join(world.folder().recordsDir, "container-folders.json"));
    expect(await ensure()).toEqual({ ...first, action: "reused" });
    // Not removed: its number would be given to the next.
    renameSync(homeDir, `${homeDir}-gone`);
    mkdirSync(homeDir);
    const outdated = [{ kind: "folders", targets: ["/workspace/home"] }];
    const held = await world.ensure(plan);
    expect(await ensure()).toMatchObject({ action: "reused", outdated });
    held.release();
    expect(await ensure()).toMatchObject({ action: "recreated", outdated });
    expect(await ensure()).toMatchObject({ action: "reused", outdated: [] });
    renameSync(homeDir, `${homeDir}-too`);
    mkdirSync(homeDir);
    for (const { id } of await world.memory.engine.sandboxes.list([])) {
      await world.memory.engine.sandboxes.stop(id, 1);
    }
    expect(await ensure()).toMatchObject({ action: "started", outdated: [] });
    expect(await ensure()).toMatchObject({ action: "reused", outdated: [] });
  });

  test("stays where the new one cannot be made", async () => {
    const world = sandboxWorld();
    const { id, release } = await world.ensure(world.plan());
    release();
    world.memory.before = (call) => {
      if (call.startsWith("sandboxes.start")) throw new SkillcrateError("ENGINE_REFUSED", "no", { hint: "" });
    };
    await expect(world.ensure(world.plan({}, rebuilt))).rejects.toMatchObject({ code: "ENGINE_REFUSED" });
    expect(await world.containers()).toEqual([`${world.plan().name} running`]);
    expect(await world.memory.engine.sandboxes.inspect(id)).toMatchObject({ state: "running" });
  });
});

describe("a setup command", () => {
  test("runs once in a new container, which has no sandbox's name until then", async () => {
    const world = sandboxWorld({});
    const plan = world.plan({ setup });
    const calls = await callsOf(world, () => world.ensure(plan));
    expect(calls.filter((call) => /exec|create|rename/.test(call))).toEqual([
      expect.stringContaining(`sandboxes.create ${plan.name}.making.`),
      "containers.exec prepare",
      `sandboxes.rename ${plan.name}`,
    ]);
    expect(await callsOf(world, () => world.ensure(plan))).toEqual([`sandboxes.inspect ${plan.name}`]);
  });

  test("that fails is not run again until the sandbox is recreated, and its output is kept", async () => {
    const world = sandboxWorld();
    const plan = world.plan({ setup });
    const { engine } = world.memory;
    const failing = { exitCode: 7, stdout: "one\ntwo\n", stderr: "no such package\u001b[31m\n" };
    const { exec } = engine.containers;
    Object.assign(engine.containers, {
      exec: async (...args: Parameters<typeof exec>) => ({ ...(await exec(...args)), ...failing }),
    });
    const failure = {
      code: "SANDBOX_SETUP_FAILED",
      message: expect.stringMatching(/exit code 7.*\n {2}one\n {2}two\n {2}no such package\\u001b\[31m/),
    };
    await expect(world.ensure(plan)).rejects.toMatchObject(failure);
    expect(await world.containers()).toEqual([]);
    expect(readFileSync(setupLogPath(world.folder().recordsDir), "utf8")).toContain("one\ntwo\n");
    const calls = await callsOf(world, async () => {
      await expect(world.ensure(plan)).rejects.toMatchObject(failure);
    });
    expect(calls).toEqual([`sandboxes.inspect ${plan.name}`]);
    Object.assign(engine.containers, { exec });
    // Another command is another plan.
    const other = world.plan({ setup: { ...setup, command: ["other"] } });
    (await world.ensure(other)).release();
    await expect(world.ensure(plan)).rejects.toMatchObject(failure);
    rmSync(world.folder().recordsDir, { recursive: true });
    expect(await world.ensure(plan)).toMatchObject({ action: "recreated" });
  });

  test("that failed runs again after `recreate`", async () => {
    const world = sandboxWorld({});
    const plan = world.plan({ setup });
    const { engine } = world.memory;
    const { exec } = engine.containers;
    Object.assign(engine.containers, {
      exec: async (...args: Parameters<typeof exec>) => ({ ...(await exec(...args)), exitCode: 1 }),
    });
    await expect(world.ensure(plan)).rejects.toMatchObject({ code: "SANDBOX_SETUP_FAILED" });
    Object.assign(engine.containers, { exec });
    await recreateSandboxes({ ...world.gateway, selection: { kind: "all" } });
    expect(await world.ensure(plan)).toMatchObject({ action: "created" });
  });

  test("that is stopped by its caller leaves nothing, and may run again", async () => {
    const world = sandboxWorld();
    const plan = world.plan({ setup });
    const controller = new AbortController();
    world.memory.before = (call) => {
      if (call === "containers.exec prepare") controller.abort();
    };
    await expect(world.ensure(plan, { signal: controller.signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    await expect.poll(() => world.containers()).toEqual([]);
    world.memory.before = () => {};
    expect(await world.ensure(plan)).toMatchObject({ action: "created" });
  });
});

describe("an engine that fails", () => {
  test.each(["plain", "setup", "replacing"] as const)(
    "at any call (%s): the next call makes it well, and nothing is left beside it",
    async (kind) => {
      for (let failAt = 0; ; failAt += 1) {
        const world = sandboxWorld();
        if (kind === "replacing") (await world.ensure(world.plan({ pidsLimit: 10 }))).release();
        const plan = world.plan(kind === "setup" ? { setup } : {});
        const first = world.memory.calls.length;
        world.memory.before = (_, index) => {
          if (index - first < failAt) return;
          throw new SkillcrateError("ENGINE_DOWN", "the engine is gone", { hint: "" });
        };
        const outcome = await world.ensure(plan).then(
          () => "done",
          (error) => error.code,
        );
        world.memory.before = () => {};
        if (outcome === "done") {
          expect(failAt).toBeGreaterThan(3);
          return;
        }
        expect(outcome).toBe("ENGINE_DOWN");
        const again = await world.ensure(plan);
        expect(["created", "started", "recreated", "reused"]).toContain(again.action);
        expect(await world.containers()).toEqual([`${plan.name} running`]);
      }
    },
  );

  test("by falling silent at any request is given up there; nothing more is asked of it", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    const id = "ab".repeat(32);
    const found = {
      ...asInspected(plan),
      Id: id,
      Name: `/${plan.name}`,
      State: { Status: "created" },
    };
    // inspect, create, inspect, then start and list at once.
    for (let silentAt = 1; silentAt <= 4; silentAt += 1) {
      let asked = 0;
      const or = (answer: (response: ServerResponse) => void) => (response: ServerResponse) => {
        asked += 1;
        if (asked < silentAt) answer(response);
      };
      const fake = await startFakeEngine({
        "GET /_ping": or(sendJson({})),
        [`GET /containers/${plan.name}/json`]: or(sendJson({ message: "No such container" }, 404)),
        "POST /containers/create": or(sendJson({ Id: id }, 201)),
        [`GET /containers/${id}/json`]: or(sendJson(found)),
        [`POST /containers/${id}/start`]: or(sendJson(null)),
        "GET /containers/json": or(sendJson([])),
      });
      const engine = await connectTo(fake, 200);
      await expect(world.ensure(plan, { engine })).rejects.toMatchObject({ code: "ENGINE_SILENT" });
      const requests = fake.requests.filter((request) => !/_ping|version/.test(request));
      expect(requests).toHaveLength(silentAt === 4 ? 5 : silentAt);
      expect(requests.some((request) => request.startsWith("DELETE"))).toBe(false);
    }
  });

  test("what a killed process left half-made goes when the sandbox is made", async () => {
    const world = sandboxWorld();
    const plan = world.plan();
    const { engine } = world.memory;
    await engine.sandboxes.create(makingName(plan.name), plan.body);
    const other = world.plan({}, { scope: { kind: "agent", key: "main" } });
    await engine.sandboxes.create(makingName(other.name), other.body);
    await world.ensure(plan);
    expect(await world.containers()).toEqual([
      `${plan.name} running`,
      expect.stringContaining(`${other.name}.making.`),
    ]);
  });
});
