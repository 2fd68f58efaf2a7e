import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import { vi } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { ContainerPlan } from "../../src/sandbox/container/container-plan.ts";
import type { ContainerRequest, ContainerSettings } from "../../src/sandbox/container/container-request.ts";
import { planContainer } from "../../src/sandbox/container/plan-container.ts";
import { containerRequest } from "./container-request.ts";
import { type AttemptTargets, type EscapeAttempt, neighbourMarks } from "./escape-attempts.ts";
import { testLabel } from "./test-run.ts";

const program = fileURLToPath(new URL("escape-attempts.py", import.meta.url));

export interface AttemptWorldOptions {
  readonly engine: Engine;
  /** The same one. */
  readonly docker: Docker;
  readonly image: string;
  /** The value of the label of all containers. */
  readonly testRun: string;
}

/** Sandboxes of a folder on this machine, on a real engine, in which things are attempted. */
export interface AttemptWorld {
  readonly folder: string;
  plan(
    fields?: Partial<Omit<ContainerRequest, "settings">>,
    settings?: Partial<ContainerSettings>,
  ): Promise<ContainerPlan>;
  create(body: object): Promise<string>;
  start(body: object): Promise<string>;
  remove(id: string): Promise<void>;
  /** Starts another session's sandbox. */
  targets(): Promise<AttemptTargets>;
  /** What became of each attempt, all in one container of this body. */
  outcomes(body: object, attempts: readonly EscapeAttempt[]): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

export async function createAttemptWorld(options: AttemptWorldOptions): Promise<AttemptWorld> {
  const { engine, docker } = options;
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-plan-"));
  const made = new Set<string>();
  const world = { folder, plan, create, start, remove, targets, outcomes, close };

  async function plan(
    fields: Partial<Omit<ContainerRequest, "settings">> = {},
    settings: Partial<ContainerSettings> = {},
  ): Promise<ContainerPlan> {
    const { Id, Config } = await docker.getImage(options.image).inspect();
    const image = { reference: options.image, id: Id, env: Config.Env ?? [] };
    const mounts = [
      { source: join(folder, "home"), target: "/workspace/home", readOnly: false },
      { source: join(folder, "workspace"), target: "/workspace", readOnly: false },
      { source: join(folder, "agent"), target: "/agent", readOnly: true },
      { source: join(folder, "tests"), target: "/tests", readOnly: true },
    ];
    // Less than the default, so that it is used up sooner.
    const memory = { memoryBytes: 256 * 2 ** 20, memorySwapBytes: 256 * 2 ** 20 };
    return planContainer(containerRequest({ image, mounts, ...fields }, { ...memory, ...settings }));
  }

  async function create(body: object): Promise<string> {
    const labels = "Labels" in body ? Object(body.Labels) : {};
    const { id } = await docker.createContainer({
      ...body,
      Labels: { ...labels, [testLabel]: options.testRun },
    });
    made.add(id);
    return id;
  }

  async function start(body: object): Promise<string> {
    const id = await create(body);
    await engine.containers.start(id);
    return id;
  }

  async function remove(id: string): Promise<void> {
    await engine.containers.remove(id);
    made.delete(id);
  }

  /** A shell command over the whole folder, at `/all`. */
  async function runAsRoot(script: string): Promise<void> {
    const HostConfig = { NetworkMode: "none", Binds: [`${folder}:/all`] };
    const command = { Entrypoint: ["sh"], Cmd: ["-ec", script] };
    const id = await start({ Image: options.image, User: "0:0", ...command, HostConfig });
    const { StatusCode } = await docker.getContainer(id).wait();
    await remove(id);
    if (StatusCode !== 0) throw new Error(`exit code ${StatusCode}: ${script}`);
  }

  async function targets(): Promise<AttemptTargets> {
    const command = ["python3", "-c", neighbourScript, neighbourMarks.word];
    const { body } = await plan({ command }, { network: "bridge" });
    const id = await start({ ...body, HostConfig: { ...body.HostConfig, IpcMode: "shareable" } });
    await vi.waitFor(async () => {
      const log = await docker.getContainer(id).logs({ stdout: true });
      if (!String(log).includes("ready")) throw new Error("the neighbour is not ready");
    }, 30_000);
    const { NetworkSettings } = await docker.getContainer(id).inspect();
    const { Name } = await docker.info();
    return {
      neighbour: id,
      neighbourAddress: NetworkSettings.Networks["bridge"]?.IPAddress ?? "",
      neighbourHome: join(folder, "neighbour"),
      hostName: Name,
    };
  }

  async function outcomes(
    body: object,
    attempts: readonly EscapeAttempt[],
  ): Promise<ReadonlyMap<string, string>> {
    const id = await start(body);
    const { exitCode, stdout, stderr } = await engine.containers.exec(id, {
      command: ["python3", "/tests/attempts.py", ...attempts.map(({ attempt }) => attempt)],
      outputLimitBytes: 100_000,
      timeoutMs: 120_000,
    });
    await remove(id);
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stderr}`);
    return new Map(Object.entries(JSON.parse(stdout)));
  }

  async function close(): Promise<void> {
    await Promise.all([...made].map(remove));
    // What belongs to another user is removed by whoever could give it to him.
    await runAsRoot("rm -rf /all/*");
    rmSync(folder, { recursive: true, force: true });
  }

  for (const name of ["workspace", "workspace/home", "home", "agent", "neighbour", "tests"])
    mkdirSync(join(folder, name));
  copyFileSync(program, join(folder, "tests", "attempts.py"));
  writeFileSync(join(folder, "neighbour", "secret"), "another session's\n");
  const python = "/all/workspace/python";
  await runAsRoot(
    `chown -R 1000:1000 /all; cp $(readlink -f $(command -v python3)) ${python}; chmod 4755 ${python}`,
  );
  return world;
}

/** A socket, shared memory and a process that strangers must not find. */
const neighbourScript = [
  "import ctypes, socket, time",
  `ctypes.CDLL(None).shmget(${neighbourMarks.key}, 4096, 0o1600)`,
  `a = socket.socket(socket.AF_UNIX); a.bind("\\0${neighbourMarks.word}"); a.listen()`,
  `b = socket.create_server(("0.0.0.0", ${neighbourMarks.port}))`,
  'print("ready", flush=True)',
  "time.sleep(600)",
].join("\n");
