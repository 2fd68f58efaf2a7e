import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { checkContainerPlan } from "../../src/sandbox/container/check-container-plan.ts";
import { compareContainer } from "../../src/sandbox/container/compare-container.ts";
import type { ContainerPlan } from "../../src/sandbox/container/container-plan.ts";
import type { ContainerRequest, ContainerSettings } from "../../src/sandbox/container/container-request.ts";
import { planContainer } from "../../src/sandbox/container/plan-container.ts";
import { readSeccompProfile } from "../../src/sandbox/container/read-seccomp-profile.ts";
import { containerRequest } from "../support/container-request.ts";
import {
  callAttempts,
  type EscapeAttempt,
  neighbourMarks,
  otherAttempts,
  otherTableAttempt,
} from "../support/escape-attempts.ts";
import { allowancesOf } from "../support/sandbox-world.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const docker = new Docker();
const program = fileURLToPath(new URL("../support/escape-attempts.py", import.meta.url));
const made: string[] = [];
let engine: Engine;
let folder: string;
let plan: ContainerPlan;

beforeAll(async () => {
  engine = await connectTestEngine();
  folder = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-plan-"));
  for (const name of ["workspace", "home", "agent", "neighbour", "tests"]) mkdirSync(join(folder, name));
  copyFileSync(program, join(folder, "tests", "attempts.py"));
  writeFileSync(join(folder, "neighbour", "secret"), "another session's\n");
  plan = await planHere();
  await runAsRoot(
    "chown -R 1000:1000 /all && cp $(readlink -f $(command -v python3)) /all/workspace/python && chmod 4755 /all/workspace/python",
  );
});

afterAll(async () => {
  await Promise.all(made.map((id) => docker.getContainer(id).remove({ force: true, v: true })));
  // What belongs to another user is removed by whoever could give it to him.
  await runAsRoot("rm -rf /all/*");
  rmSync(folder, { recursive: true, force: true });
});

describe("a container made from a plan", () => {
  test("is what was planned, before and after its start", async () => {
    expect(checkContainerPlan(plan, allowancesOf(plan))).toEqual([]);
    const id = await create(plan.body);
    expect(compareContainer(plan, await docker.getContainer(id).inspect())).toEqual([]);
    await engine.containers.start(id);
    expect(compareContainer(plan, await docker.getContainer(id).inspect())).toEqual([]);
  });

  test("with everything configured is, too", async () => {
    const rich = await planHere(
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
        binds: [{ source: join(folder, "neighbour"), target: "/data: new", readOnly: true }],
      },
    );
    const id = await start(rich.body);
    expect(compareContainer(rich, await docker.getContainer(id).inspect())).toEqual([]);
  });

  test("has its limits, as seen from inside", async () => {
    const id = await start(plan.body);
    const { stdout } = await engine.containers.exec(id, {
      command: ["sh", "-c", readLimits],
      outputLimitBytes: 10_000,
      timeoutMs: 30_000,
    });
    expect(stdout.split("\n")).toEqual([
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
        await create({ ...body, Entrypoint: flood.slice(0, 1), Cmd: flood.slice(1) }),
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
    const id = await start(plan.body);
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
    const neighbour = await startNeighbour();
    const { NetworkSettings } = await docker.getContainer(neighbour).inspect();
    const { Name, Architecture } = await docker.info();
    attempts = [
      ...callAttempts,
      ...(Architecture === "x86_64" ? [otherTableAttempt] : []),
      ...otherAttempts({
        neighbour,
        neighbourAddress: NetworkSettings.Networks["bridge"]?.IPAddress ?? "",
        neighbourHome: join(folder, "neighbour"),
        hostName: Name,
      }),
    ];
    // What this machine's kernel and its settings let an ordinary user do at all.
    possible = await outcomes(withoutProfile(plan), callAttempts);
    console.log([...possible].filter(([, outcome]) => outcome !== "succeeded"));
  });

  test("are many", () => {
    expect(attempts.length).toBeGreaterThanOrEqual(55);
  });

  test("get nothing", async () => {
    const found = await outcomes(plan.body, attempts);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(attempts.map(({ attempt, denial }) => [attempt, denial])),
    );
  });

  test("succeed without the one protection that each is named for", async () => {
    const rows = attempts.filter(({ attempt }) => (possible.get(attempt) ?? "succeeded") === "succeeded");
    const failed: string[] = [];
    await inTurns(rows, 4, async (row) => {
      const found = await outcomes(row.without(plan.body), [row]);
      const outcome = found.get(row.attempt);
      if (outcome !== "succeeded") failed.push(`${row.attempt}, without ${row.protection}: ${outcome}`);
    });
    expect(failed).toEqual([]);
  });
});

async function planHere(
  fields: Partial<Omit<ContainerRequest, "settings">> = {},
  settings: Partial<ContainerSettings> = {},
): Promise<ContainerPlan> {
  const reference = inject("baseImage");
  const { Id, Config } = await docker.getImage(reference).inspect();
  const mount = (name: string, target: string, readOnly: boolean) => ({
    source: join(folder, name),
    target,
    readOnly,
  });
  return planContainer(
    containerRequest(
      {
        image: { reference, id: Id, env: Config.Env ?? [] },
        mounts: [
          mount("home", "/workspace/home", false),
          mount("workspace", "/workspace", false),
          mount("agent", "/agent", true),
          mount("tests", "/tests", true),
        ],
        ...fields,
      },
      // Less than the default, so that it is used up sooner.
      { memoryBytes: 256 * 2 ** 20, memorySwapBytes: 256 * 2 ** 20, ...settings },
    ),
  );
}

async function create(body: object): Promise<string> {
  const labels = "Labels" in body ? body.Labels : {};
  const { id } = await docker.createContainer({
    ...body,
    Labels: { ...Object(labels), [testLabel]: inject("testRun") },
  });
  made.push(id);
  return id;
}

async function start(body: object): Promise<string> {
  const id = await create(body);
  await engine.containers.start(id);
  return id;
}

/** A shell command over the test's own folder, at `/all`. */
async function runAsRoot(script: string): Promise<void> {
  const HostConfig = { NetworkMode: "none", Binds: [`${folder}:/all`] };
  const body = {
    Image: inject("baseImage"),
    User: "0:0",
    Entrypoint: ["sh"],
    Cmd: ["-ec", script],
    HostConfig,
  };
  const id = await start(body);
  const { StatusCode } = await docker.getContainer(id).wait();
  await remove(id);
  expect(StatusCode).toBe(0);
}

async function remove(id: string): Promise<void> {
  made.splice(made.indexOf(id), 1);
  await engine.containers.remove(id);
}

/** Another session's sandbox, with a socket, shared memory and a process that strangers must not find. */
async function startNeighbour(): Promise<string> {
  const { port, key, word } = neighbourMarks;
  const script = [
    "import ctypes, socket, time",
    `ctypes.CDLL(None).shmget(${key}, 4096, 0o1600)`,
    `a = socket.socket(socket.AF_UNIX); a.bind("\\0${word}"); a.listen()`,
    `b = socket.create_server(("0.0.0.0", ${port}))`,
    'print("ready", flush=True)',
    "time.sleep(600)",
  ].join("\n");
  const { body } = await planHere({ command: ["python3", "-c", script, word] }, { network: "bridge" });
  const id = await start({ ...body, HostConfig: { ...body.HostConfig, IpcMode: "shareable" } });
  await vi.waitFor(
    async () => expect(String(await docker.getContainer(id).logs({ stdout: true }))).toContain("ready"),
    20_000,
  );
  return id;
}

/** What became of each attempt, all in one container. */
async function outcomes(
  body: object,
  attempts: readonly EscapeAttempt[],
): Promise<ReadonlyMap<string, string>> {
  const id = await start(body);
  const result = await engine.containers.exec(id, {
    command: ["python3", "/tests/attempts.py", ...attempts.map(({ attempt }) => attempt)],
    outputLimitBytes: 100_000,
    timeoutMs: 60_000,
  });
  await remove(id);
  expect(result.exitCode, result.stderr).toBe(0);
  return new Map(Object.entries(JSON.parse(result.stdout)));
}

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
