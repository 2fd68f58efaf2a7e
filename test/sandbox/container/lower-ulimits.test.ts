import { describe, expect, test } from "vitest";
import { SkillcrateError } from "../../../src/diagnostic/skillcrate-error.ts";
import type { ExecSpec } from "../../../src/engine/engine.ts";
import { asUlimitRefused } from "../../../src/engine/sandbox/ulimit-refused.ts";
import { asInspected } from "../../../src/sandbox/container/as-inspected.ts";
import { compareContainer } from "../../../src/sandbox/container/compare-container.ts";
import { createContainerUses } from "../../../src/sandbox/container/container-use.ts";
import { describeLoweredUlimits } from "../../../src/sandbox/container/describe-lowered-ulimits.ts";
import { lowerUlimits, readHardUlimits } from "../../../src/sandbox/container/lower-ulimits.ts";
import { type SandboxWorld, sandboxWorld } from "../../support/sandbox-world.ts";

/** As the kernel prints them in `/proc/self/limits`. */
const limits = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max file size             unlimited            unlimited            bytes     
Max data size             unlimited            unlimited            bytes     
Max stack size            8388608              unlimited            bytes     
Max core file size        0                    unlimited            bytes     
Max resident set          unlimited            unlimited            bytes     
Max processes             96365                96365                processes 
Max open files            1024                 2048                 files     
Max locked memory         8388608              8388608              bytes     
Max address space         unlimited            unlimited            bytes     
Max file locks            unlimited            unlimited            locks     
Max pending signals       96365                96365                signals   
Max msgqueue size         819200               819200               bytes     
Max nice priority         0                    0                    
Max realtime priority     0                    0                    
Max realtime timeout      unlimited            unlimited            us        
`;

/** An engine that may give 2,048 open files. */
function boundedWorld(cat: string): SandboxWorld {
  const world = sandboxWorld();
  const { sandboxes, containers } = world.memory.engine;
  const { exec } = containers;
  Object.assign(containers, {
    exec: async (id: string, spec: ExecSpec) => ({ ...(await exec(id, spec)), stdout: cat }),
  });
  const { create, start } = sandboxes;
  const high = new Set<string>();
  Object.assign(sandboxes, {
    create: async (name: string, body: ReturnType<SandboxWorld["plan"]>["body"]) => {
      const id = await create(name, body);
      if (body.HostConfig.Ulimits.some(({ Name, Hard }) => Name === "nofile" && Hard > 2048)) high.add(id);
      return id;
    },
    start: async (id: string) => {
      await start(id);
      if (high.has(id)) throw new SkillcrateError("ULIMIT_REFUSED", "too high", { hint: "lower it" });
    },
  });
  return world;
}

const creations = ({ memory }: SandboxWorld) =>
  memory.calls.filter((call) => call.startsWith("sandboxes.create"));

describe("a sandbox on an engine that may give less than is asked for", () => {
  test("has what the engine may give, once that is known, and is as planned", async () => {
    const world = boundedWorld(limits);
    const plan = world.plan();
    const made = await world.ensure(plan);
    expect(made).toMatchObject({ action: "created", outdated: [] });
    expect(made.plan.body.HostConfig.Ulimits).toEqual([
      { Name: "core", Soft: 0, Hard: 0 },
      { Name: "nofile", Soft: 1024, Hard: 2048 },
    ]);
    expect(world.events.map(({ step }) => step)).toContain("limited");
    expect(await world.containers()).toEqual([`${plan.name} running`]);
    expect(describeLoweredUlimits(made.plan.body.Labels)).toMatchObject([
      { code: "SANDBOX_ULIMITS_LOWERED", message: expect.stringContaining("nofile 2048") },
    ]);
    // The next in this process knows; another process finds it by its label.
    const before = creations(world).length;
    const other = { kind: "session", key: "agent:main:telegram:dm:bob" } as const;
    const recordsDir = world.folder(other).recordsDir;
    await world.ensure(world.plan({}, { scope: other }), { recordsDir });
    expect(creations(world)).toHaveLength(before + 1);
    const again = await world.ensure(plan, { uses: createContainerUses() });
    expect(again).toMatchObject({ id: made.id, action: "reused", outdated: [], plan: made.plan });
    expect(creations(world)).toHaveLength(before + 1);
  });

  test("is refused where nothing tells what the engine may give, and nothing is left", async () => {
    for (const cat of ["", "no such file", limits.replace("2048", "8192")]) {
      const world = boundedWorld(cat);
      await expect(world.ensure(world.plan())).rejects.toMatchObject({ code: "ULIMIT_REFUSED" });
      expect(await world.containers()).toEqual([]);
    }
  });
});

describe("limits that are lowered", () => {
  test("stay below the engine's; what is below already stays as it is", () => {
    const nproc = { soft: null, hard: null };
    const plan = sandboxWorld().plan({ ulimits: { nproc } });
    const lowered = lowerUlimits(plan, { nofile: 1000, nproc: 10, core: 5 });
    expect(lowered.body.HostConfig.Ulimits).toEqual([
      { Name: "core", Soft: 0, Hard: 0 },
      { Name: "nofile", Soft: 1000, Hard: 1000 },
      { Name: "nproc", Soft: 10, Hard: 10 },
    ]);
    expect(lowered.hash).toBe(plan.hash);
    expect(readHardUlimits(lowered.body.Labels)).toEqual({ nofile: 1000, nproc: 10 });
    expect(lowerUlimits(plan, { core: 5, cpu: 1 })).toBe(plan);
    expect(compareContainer(plan, asInspected(lowered))).toEqual([]);
  });

  test("that a container has otherwise than its label says are a difference", () => {
    const plan = sandboxWorld().plan();
    const lowered = lowerUlimits(plan, { nofile: 1000 });
    const Ulimits = [{ Name: "nofile", Soft: 5, Hard: 5 }];
    const HostConfig = { ...lowered.body.HostConfig, Ulimits };
    const inspected = asInspected({ ...lowered, body: { ...lowered.body, HostConfig } });
    expect(compareContainer(plan, inspected).map(({ path }) => path)).toEqual([
      "HostConfig.Ulimits.core",
      "HostConfig.Ulimits.nofile",
    ]);
  });
});

test.each([
  ["runc: error setting rlimits for ready process: error setting rlimit type 7: not permitted", "nofile"],
  ["crun: setrlimit `RLIMIT_NPROC`: Operation not permitted: OCI permission denied", "nproc"],
])("a refusal names the setting and the unit's directive: %s", (message, name) => {
  const refused = new SkillcrateError("ENGINE_REFUSED", message, { hint: "" });
  expect(asUlimitRefused(refused)).toMatchObject({ code: "ULIMIT_REFUSED", message });
  const { hint } = asUlimitRefused(refused) as SkillcrateError;
  expect(hint).toContain(`docker.ulimits.${name}`);
  expect(hint).toContain(`Limit${name.toUpperCase()}=`);
  const other = new SkillcrateError("ENGINE_REFUSED", "no such runtime", { hint: "" });
  expect(asUlimitRefused(other)).toBe(other);
});
