import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { checkContainerPlan } from "../../src/sandbox/container/check-container-plan.ts";
import { compareContainer } from "../../src/sandbox/container/compare-container.ts";
import type { ContainerPlan } from "../../src/sandbox/container/container-plan.ts";
import { readSeccompProfile } from "../../src/sandbox/container/read-seccomp-profile.ts";
import { makeAttemptImage } from "../support/attempt-image.ts";
import { type AttemptWorld, createAttemptWorld } from "../support/attempt-world.ts";
import {
  callAttempts,
  type EscapeAttempt,
  otherAttempts,
  otherTableAttempt,
} from "../support/escape-attempts.ts";
import { allowancesOf } from "../support/sandbox-world.ts";
import { connectTestEngine } from "../support/test-engine.ts";

const docker = new Docker();
let engine: Engine;
let world: AttemptWorld;
let plan: ContainerPlan;

beforeAll(async () => {
  engine = await connectTestEngine();
  const [baseImage, aptProxy] = [inject("baseImage"), inject("aptProxy")];
  const tag = `${inject("tagPrefix")}attempts:runc`;
  const image = await makeAttemptImage(engine, { baseImage, aptProxy, tag });
  world = await createAttemptWorld({ engine, docker, image, testRun: inject("testRun") });
  plan = await world.plan();
});

afterAll(() => world?.close());

describe("a container made from a plan", () => {
  test("is what was planned, before and after its start", async () => {
    expect(checkContainerPlan(plan, allowancesOf(plan))).toEqual([]);
    const id = await world.create(plan.body);
    expect(compareContainer(plan, await docker.getContainer(id).inspect())).toEqual([]);
    await engine.containers.start(id);
    expect(compareContainer(plan, await docker.getContainer(id).inspect())).toEqual([]);
  });

  test("with everything configured is, too", async () => {
    const rich = await world.plan(
      { seccompProfile: readSeccompProfile("browser"), command: ["tail", "-f", "/dev/null"] },
      {
        network: "bridge",
        readOnlyRoot: false,
        pidsLimit: null,
        memorySwapBytes: null,
        cpus: null,
        dns: ["192.0.2.1"],
        extraHosts: ["host.docker.internal:host-gateway", "db:192.0.2.2"],
        ulimits: { nproc: { soft: 100, hard: 200 } },
        binds: [{ source: join(world.folder, "neighbour"), target: "/data: new", readOnly: true }],
      },
    );
    const id = await world.start(rich.body);
    expect(compareContainer(rich, await docker.getContainer(id).inspect())).toEqual([]);
  });

  test("has its limits, as seen from inside", async () => {
    const id = await world.start(plan.body);
    const { stdout } = await engine.containers.exec(id, {
      command: ["sh", "-c", readLimits],
      outputLimitBytes: 10_000,
      timeoutMs: 30_000,
    });
    // runc and Go's start-up race for the soft limit of what an exec starts; the hard one holds.
    expect(stdout.replace("nofile 4096 4096", "nofile 1024 4096").split("\n")).toEqual([
      "user 1000 1000",
      "capabilities 0000000000000000",
      "no new privileges 1",
      "seccomp 2",
      `memory ${256 * 2 ** 20}`,
      "pids 256",
      "nofile 1024 4096",
      "core 0 0",
      "root ro",
      "",
    ]);
  });

  test("keeps the end of what floods its log", async () => {
    const flood = ["sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' x | fold -w 1000"];
    const kept = async (body: object) => {
      const container = docker.getContainer(
        await world.create({ ...body, Entrypoint: flood.slice(0, 1), Cmd: flood.slice(1) }),
      );
      await container.start();
      await container.wait();
      return (await container.logs({ stdout: true })).length;
    };
    expect(await kept(plan.body)).toBeLessThan(1_200_000);
    expect(
      await kept({ ...plan.body, HostConfig: { ...plan.body.HostConfig, LogConfig: {} } }),
    ).toBeGreaterThan(5_000_000);
  });

  test("runs what people use", async () => {
    const id = await world.start(plan.body);
    const script = [
      "cd /workspace && git init -q repository && cd repository && git config user.email a@b && git config user.name n",
      "echo '{\"a\": [1, 2]}' > a.json && git add . && git commit -qm first && git log --oneline | wc -l",
      "jq -c .a a.json && rg -c a a.json",
      "seq 3 | xargs -P 3 -I N bash -c 'sleep 0.1; echo N' | sort -n | tail -n 1",
      'python3 -c \'import multiprocessing as m, subprocess as s, asyncio, tempfile; print(m.Pool(2).map(abs, [-1]), s.check_output(["id", "-u"]), asyncio.run(asyncio.sleep(0, 3)), len(tempfile.mkdtemp()) > 4)\'',
    ].join("\n");
    const result = await engine.containers.exec(id, {
      command: ["bash", "-ec", script],
      outputLimitBytes: 10_000,
      timeoutMs: 30_000,
    });
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: "1\n[1,2]\n1\n3\n[1] b'1000\\n' 3 True\n",
    });
  });
});

describe("attempts to escape and to snoop", () => {
  let attempts: readonly EscapeAttempt[];
  let possible: ReadonlyMap<string, string>;

  beforeAll(async () => {
    const { Architecture } = await docker.info();
    const calls = [...callAttempts, ...(Architecture === "x86_64" ? [otherTableAttempt] : [])];
    attempts = [...calls, ...otherAttempts(await world.targets())];
    // What this machine's kernel and its settings let an ordinary user do at all.
    possible = await world.outcomes(withoutProfile(plan), calls);
  });

  test("are many", () => {
    expect(attempts.length).toBeGreaterThanOrEqual(55);
  });

  test("get nothing", async () => {
    const found = await world.outcomes(plan.body, attempts);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(attempts.map(({ attempt, denial }) => [attempt, denial])),
    );
  });

  test("succeed without the one protection that each is named for", async () => {
    const rows = attempts.filter(({ attempt }) => (possible.get(attempt) ?? "succeeded") === "succeeded");
    expect(rows.length).toBeGreaterThanOrEqual(40);
    const failed: string[] = [];
    await inTurns([...new Set(rows.map(({ protection }) => protection))], 4, async (protection) => {
      const [first, ...others] = rows.filter((row) => row.protection === protection);
      if (first === undefined) return;
      for (const [attempt, outcome] of await world.outcomes(first.without(plan.body), [first, ...others])) {
        if (outcome !== "succeeded") failed.push(`${attempt}, without ${protection}: ${outcome}`);
      }
    });
    expect(failed).toEqual([]);
  });
});

function withoutProfile({ body }: ContainerPlan): object {
  const SecurityOpt = ["no-new-privileges", "seccomp=unconfined"];
  return { ...body, HostConfig: { ...body.HostConfig, SecurityOpt } };
}

async function inTurns<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** The memory and pids controllers are one level or two deep, by the version of cgroups. */
const readLimits = `
  echo user $(id -u) $(id -g)
  echo capabilities $(grep CapBnd /proc/self/status | cut -f2)
  echo no new privileges $(grep NoNewPrivs /proc/self/status | cut -f2)
  echo seccomp $(grep ^Seccomp: /proc/self/status | cut -f2)
  echo memory $(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null)
  echo pids $(cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null)
  echo nofile $(ulimit -Sn) $(ulimit -Hn)
  echo core $(ulimit -Sc) $(ulimit -Hc)
  echo root $(grep ' / ' /proc/mounts | head -n1 | cut -d' ' -f4 | cut -d, -f1)
`;
