import { randomUUID } from "node:crypto";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import type { ContainerSpec, Engine, ExecSpec } from "../../src/engine/engine.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const canary = `canary-${randomUUID()}`;
const label = `dev.skillcrate.test-container=${randomUUID()}`;
let engine: Engine;
let id: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  id = await engine.containers.create(spec());
  await engine.containers.start(id);
});

afterAll(() => engine.containers.remove(id));

function spec(fields: Partial<ContainerSpec> = {}): ContainerSpec {
  const [key = "", value = ""] = label.split("=");
  return {
    image: inject("baseImage"),
    command: ["sleep", "300"],
    user: "4321:4321",
    env: { GREETING: "hello there" },
    labels: { [testLabel]: inject("testRun"), [key]: value },
    network: "none",
    readOnlyRoot: true,
    tmpfs: { "/tmp": "rw,nosuid,nodev,size=1m" },
    memoryBytes: 64 * 1024 * 1024,
    pids: 32,
    ...fields,
  };
}

const exec = (command: readonly string[], fields: Partial<ExecSpec> = {}) =>
  engine.containers.exec(id, { command, outputLimitBytes: 10_000, timeoutMs: 30_000, ...fields });
const sh = (script: string, fields: Partial<ExecSpec> = {}) => exec(["sh", "-c", script], fields);

describe("a container", () => {
  test("has no powers, as seen from inside", async () => {
    const { stdout } = await sh("id -u; cat /proc/self/status");
    expect(stdout).toMatch(/^4321\n/);
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) {
      expect(stdout).toContain(`${set}:\t0000000000000000\n`);
    }
    expect(stdout).toContain("NoNewPrivs:\t1\n");
  });

  test("has a read-only root, a tmpfs of its size, no network but its own loopback, and no core files", async () => {
    const { stdout } = await sh(
      "touch /x 2>&1; touch /tmp/y && echo tmp is writable; grep ' /tmp ' /proc/mounts; ls /sys/class/net; ulimit -c",
    );
    expect(stdout).toMatch(/touch: .*Read-only file system/);
    expect(stdout).toContain("tmp is writable\n");
    expect(stdout).toMatch(/tmpfs \/tmp tmpfs rw,nosuid,nodev,.*size=1024k/);
    expect(stdout).toMatch(/\nlo\n0\n$/);
  });

  test("has an init that takes in orphans", async () => {
    const { stdout } = await sh(
      "cat /proc/1/comm; (sleep 0.1 &) ; sleep 0.5; grep -l 'State:.*Z' /proc/[0-9]*/status",
    );
    expect(stdout).toMatch(/^(docker-init|tini|catatonit)\n$/);
  });

  test("is limited, as the engine has it", async () => {
    const { HostConfig, Config } = await new Docker().getContainer(id).inspect();
    expect(HostConfig).toMatchObject({
      Memory: 67_108_864,
      MemorySwap: 67_108_864,
      PidsLimit: 32,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      IpcMode: "private",
      Privileged: false,
      RestartPolicy: { Name: "no" },
      LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "1" } },
    });
    expect(HostConfig.Binds ?? []).toEqual([]);
    expect(Config.Env).toContain("GREETING=hello there");
  });

  test("is listed with its labels, also before it runs", async () => {
    const second = await engine.containers.create(spec());
    try {
      const listed = await engine.containers.list(label);
      expect(listed.map((entry) => entry.id).toSorted()).toEqual([id, second].toSorted());
      expect(listed[0]?.labels).toMatchObject({ [testLabel]: inject("testRun") });
    } finally {
      await engine.containers.remove(second);
    }
    expect((await engine.containers.list(label)).map((entry) => entry.id)).toEqual([id]);
  });

  test("is removed once, however many ask for it", async () => {
    const doomed = await engine.containers.create(spec());
    await engine.containers.start(doomed);
    await Promise.all([1, 2, 3].map(() => engine.containers.remove(doomed)));
    expect((await engine.containers.list(label)).map((entry) => entry.id)).not.toContain(doomed);
  });

  test("of an image that is not there", async () => {
    await expect(
      engine.containers.create(spec({ image: "skillcrate-test-none:none" })),
    ).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
    });
  });

  test("whose command is not in the image ends at once: it is the init that finds out", async () => {
    const broken = await engine.containers.create(spec({ command: ["no-such-command"] }));
    await engine.containers.start(broken);
    await new Docker().getContainer(broken).wait();
    const command = { command: ["true"], outputLimitBytes: 10, timeoutMs: 30_000 };
    await expect(engine.containers.exec(broken, command)).rejects.toMatchObject({ code: "CONTAINER_GONE" });
    await engine.containers.remove(broken);
  });

  test("can start with another entrypoint", async () => {
    const other = await engine.containers.create(
      spec({ entrypoint: ["sleep"], command: ["200"], workdir: "/tmp" }),
    );
    await engine.containers.start(other);
    const { stdout } = await engine.containers.exec(other, {
      command: ["sh", "-c", "pwd; tr '\\0' ' ' < /proc/1/cmdline"],
      outputLimitBytes: 1000,
      timeoutMs: 30_000,
    });
    expect(stdout).toMatch(/^\/tmp\n.*sleep 200 $/);
    await engine.containers.remove(other);
  });
});

describe("a command", () => {
  test("gives its exit code and both its outputs", async () => {
    expect(await sh("echo out é; echo err >&2; exit 42")).toEqual({
      exitCode: 42,
      stdout: "out é\n",
      stderr: "err\n",
      truncated: false,
      timedOut: false,
    });
  });

  test("that is not there ends with 126 or 127", async () => {
    const { exitCode } = await exec(["no-such-command"]);
    expect([126, 127]).toContain(exitCode);
  });

  test("gets a user, a folder and an environment of its own, which the engine shows to nobody", async () => {
    const { stdout } = await sh('id -u; pwd; echo "$SECRET"', {
      user: "99",
      workdir: "/usr",
      env: { SECRET: canary },
    });
    expect(stdout).toBe(`99\n/usr\n${canary}\n`);
    expect(JSON.stringify(await new Docker().getContainer(id).inspect())).not.toContain(canary);
  });

  test("may print more than is kept", async () => {
    const result = await sh("yes x | head -c 3000000; echo end >&2", { outputLimitBytes: 100 });
    expect(result).toMatchObject({ exitCode: 0, truncated: true, stdout: "x\n".repeat(50), stderr: "" });
  });

  test("that does not end in time is left behind with what it printed", async () => {
    const result = await sh("echo before; sleep 60", { timeoutMs: 1000 });
    expect(result).toEqual({
      exitCode: null,
      stdout: "before\n",
      stderr: "",
      truncated: false,
      timedOut: true,
    });
  });

  test("whose container goes away was killed, or nobody knows any more", async () => {
    const doomed = await engine.containers.create(spec());
    await engine.containers.start(doomed);
    const running = engine.containers.exec(doomed, {
      command: ["sleep", "60"],
      outputLimitBytes: 10,
      timeoutMs: 30_000,
    });
    await vi.waitFor(async () => {
      const { Processes } = await new Docker().getContainer(doomed).top();
      expect(Processes.filter((row: string[]) => row.join(" ").endsWith("sleep 60"))).toHaveLength(1);
    }, 30_000);
    await engine.containers.remove(doomed);
    // The engine forgets the command with its container: a moment before or after it is asked how it ended.
    const outcome = await running
      .then(({ exitCode }) => exitCode)
      .catch((error: { code: string }) => error.code);
    expect([137, "CONTAINER_GONE"]).toContain(outcome);
  });
});
