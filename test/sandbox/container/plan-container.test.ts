import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type {
  ContainerRequest,
  ContainerSettings,
} from "../../../src/sandbox/container/container-request.ts";
import { planContainer } from "../../../src/sandbox/container/plan-container.ts";
import { containerRequest } from "../../support/container-request.ts";

const plain = planContainer(containerRequest());

test("a plan where nothing is configured is closed on every side", () => {
  const { SecurityOpt, ...host } = plain.body.HostConfig;
  expect(SecurityOpt).toEqual([
    "no-new-privileges",
    expect.stringMatching(/^seccomp=\{"defaultAction":"SCMP_ACT_ERRNO"/),
  ]);
  expect(host).toEqual({
    NetworkMode: "none",
    ReadonlyRootfs: true,
    Init: true,
    Privileged: false,
    CapDrop: ["ALL"],
    CapAdd: [],
    PidsLimit: 256,
    Memory: 2 ** 30,
    MemorySwap: 2 ** 30,
    NanoCpus: 1e9,
    IpcMode: "private",
    CgroupnsMode: "private",
    Ulimits: [
      { Name: "core", Soft: 0, Hard: 0 },
      { Name: "nofile", Soft: 1024, Hard: 4096 },
    ],
    Tmpfs: {
      "/run": "rw,exec,nosuid,nodev,size=16777216,mode=1777,uid=0,gid=0",
      "/run/user/1000": "rw,exec,nosuid,nodev,size=16777216,mode=700,uid=1000,gid=1000",
      "/tmp": "rw,exec,nosuid,nodev,size=67108864,mode=1777,uid=0,gid=0",
      "/var/tmp": "rw,exec,nosuid,nodev,size=67108864,mode=1777,uid=0,gid=0",
    },
    Mounts: [
      mount("/var/lib/gateway/sandboxes/agent-main/workspace", "/workspace"),
      mount("/var/lib/gateway/sandboxes/agent-main/home", "/workspace/home"),
    ],
    LogConfig: { Type: "json-file", Config: { "max-file": "1", "max-size": "1m" } },
    RestartPolicy: { Name: "no" },
    ShmSize: 2 ** 26,
    Runtime: "runc",
  });
});

test("a plan says who it is for, and stands on an image's id", () => {
  const id = `sha256:${"ab".repeat(32)}`;
  const { HostConfig: _, ...body } = plain.body;
  expect(plain.image).toEqual({ reference: "openclaw-sandbox:bookworm-slim", id });
  expect(body).toEqual({
    Image: id,
    Entrypoint: ["sleep"],
    Cmd: ["infinity"],
    User: "1000:1000",
    WorkingDir: "/workspace",
    Env: ["HOME=/workspace/home", "LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"],
    Hostname: "sandbox",
    StopTimeout: 10,
    Labels: {
      "dev.skillcrate.role": "sandbox",
      "dev.skillcrate.owner": "0123456789abcdef",
      "dev.skillcrate.scope": "session",
      "dev.skillcrate.scope-key": "agent:main:telegram:dm:42",
      "dev.skillcrate.agent": "main",
      "dev.skillcrate.plan-hash": plain.hash,
      "dev.skillcrate.image": "openclaw-sandbox:bookworm-slim",
      "dev.skillcrate.image-id": id,
      "dev.skillcrate.prune-idle-hours": "24",
      "dev.skillcrate.prune-max-age-days": "7",
      "dev.skillcrate.scope-dir": "/var/lib/gateway/sandboxes/agent-main",
    },
  });
});

describe("a plan's hash", () => {
  const rich: Partial<ContainerSettings> = {
    ulimits: { nproc: { soft: 10, hard: 20 }, stack: { soft: 30, hard: 40 }, cpu: { soft: 50, hard: null } },
    capDrop: ["NET_RAW", "CHOWN", "KILL"],
    extraHosts: ["b:192.0.2.2", "a:192.0.2.1", "c:192.0.2.3"],
    binds: [
      { source: "/srv/b", target: "/b", readOnly: true },
      { source: "/srv/a", target: "/a", readOnly: false },
    ],
  };

  it("is the same in whatever order things come", () => {
    const request = containerRequest({ env: { B: "2", A: "1", C: "3" } }, rich);
    const { hash } = planContainer(request);
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const next = () => numbers.next().value ?? 0;
        expect(planContainer(shuffled(request, next)).hash).toBe(hash);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, Partial<Omit<ContainerRequest, "settings">>, Partial<ContainerSettings>]>([
    ["the role", { role: "browser" }, {}],
    ["the owner", { ownerId: "fedcba9876543210" }, {}],
    ["the scope's kind", { scope: { kind: "agent", key: "agent:main:telegram:dm:42" } }, {}],
    ["the image", { image: { ...containerRequest().image, id: `sha256:${"cd".repeat(32)}` } }, {}],
    ["the user", { user: { uid: 1001, gid: 1000 } }, {}],
    ["a variable", { env: { HOME: "/elsewhere" } }, {}],
    ["the profile, where it stands in a file", { seccompProfile: { json: "{}", path: "/p" } }, {}],
    ["the command", { command: ["tail", "-f", "/dev/null"] }, {}],
    ["a mount", { mounts: [] }, {}],
    ["the network", {}, { network: "bridge" }],
    ["a limit", {}, { pidsLimit: 257 }],
    ["the order of name servers", {}, { dns: ["192.0.2.1", "192.0.2.2"] }],
    ["what prepares it", {}, { setup: { command: ["true"], timeoutMs: 1000 } }],
    ["when it is pruned", {}, { pruneIdleHours: 25 }],
  ])("is another with %s", (_, fields, settings) => {
    expect(planContainer(containerRequest(fields, settings)).hash).not.toBe(plain.hash);
  });

  it("is over the profile's text where an engine gets only its path", () => {
    const hashOf = (json: string) => {
      const engine = { ...containerRequest().engine, product: "podman" as const };
      return planContainer(containerRequest({ engine, seccompProfile: { json, path: "/p" } })).hash;
    };
    expect(hashOf("{}")).not.toBe(hashOf("[]"));
  });
});

describe("a container's name", () => {
  it("begins with the prefix and what can be read of the key", () => {
    expect(plain.name).toMatch(/^skillcrate-test-agent-main-telegram-dm-42-[0-9a-f]{32}$/);
  });

  it.each<[string, Partial<ContainerRequest>]>([
    ["another gateway", { ownerId: "fedcba9876543210" }],
    ["another role", { role: "browser" }],
    ["an agent's key that reads the same", { scope: { kind: "agent", key: "agent:main:telegram:dm:42" } }],
    [
      "a key that is cut or folded to the same",
      { scope: { kind: "session", key: "agent-main-telegram-dm-42" } },
    ],
  ])("is another for %s", (_, fields) => {
    expect(planContainer(containerRequest(fields)).name).not.toBe(plain.name);
  });
});

describe("limits", () => {
  const hostConfig = (
    settings: Partial<ContainerSettings>,
    engine: Partial<ContainerRequest["engine"]> = {},
  ) =>
    planContainer(containerRequest({ engine: { ...containerRequest().engine, ...engine } }, settings)).body
      .HostConfig;

  it("that are off by name are told in the engine's words", () => {
    const unlimited = { pidsLimit: null, memoryBytes: null, memorySwapBytes: null, cpus: null };
    expect(hostConfig(unlimited)).toMatchObject({ PidsLimit: -1, Memory: 0, MemorySwap: -1, NanoCpus: 0 });
  });

  it("of memory and swap are never below that of memory, and left out where the engine does not count swap", () => {
    expect(hostConfig({ memorySwapBytes: 1000 }).MemorySwap).toBe(2 ** 30);
    expect(hostConfig({ memorySwapBytes: 2 ** 31 }).MemorySwap).toBe(2 ** 31);
    expect(hostConfig({}, { countsSwap: false })).toMatchObject({ Memory: 2 ** 30, MemorySwap: -1 });
  });

  it("of processors do not exceed what there is: engines refuse that", () => {
    expect(hostConfig({ cpus: 64 }, { cpus: 2 }).NanoCpus).toBe(2e9);
    expect(hostConfig({ cpus: 0.1 }).NanoCpus).toBe(1e8);
  });

  it("of a process are the configured ones, soft never above hard", () => {
    const ulimits = { nproc: { soft: 5, hard: null }, stack: { soft: null, hard: null } };
    const nofile = { soft: 1024, hard: 512 };
    expect(hostConfig({ ulimits: { ...ulimits, nofile } }).Ulimits).toEqual([
      { Name: "core", Soft: 0, Hard: 0 },
      { Name: "nofile", Soft: 512, Hard: 512 },
      { Name: "nproc", Soft: 5, Hard: -1 },
      { Name: "stack", Soft: -1, Hard: -1 },
    ]);
  });
});

test("Podman gets the profile by its path, a tmpfs without an owner, and a limit of processes", () => {
  const engine = {
    ...containerRequest().engine,
    product: "podman" as const,
    defaultRuntime: null,
    hasInit: false,
  };
  const { HostConfig } = planContainer(containerRequest({ engine })).body;
  expect(HostConfig.SecurityOpt).toEqual([
    "no-new-privileges",
    expect.stringMatching(/^seccomp=\/.*\/data\/seccomp\/sandbox\.json$/),
  ]);
  expect(HostConfig.Tmpfs["/run/user/1000"]).toBe("rw,exec,nosuid,nodev,size=16777216,mode=1777");
  expect(HostConfig.Ulimits).toContainEqual({ Name: "nproc", Soft: 4096, Hard: 4096 });
  expect(HostConfig.Init).toBe(false);
  expect(HostConfig).not.toHaveProperty("Runtime");
});

test("what is configured arrives", () => {
  const settings: Partial<ContainerSettings> = {
    runtime: "runsc",
    apparmorProfile: "sandbox",
    dns: ["192.0.2.9", "192.0.2.1"],
    gpus: { deviceIds: ["1", "0"] },
    tmpfs: [{ target: "/scratch", sizeBytes: 4096, mode: 0o700, noExec: true }],
  };
  const { HostConfig } = planContainer(containerRequest({ tmpfs: [] }, settings)).body;
  expect(HostConfig).toMatchObject({
    Runtime: "runsc",
    Dns: ["192.0.2.9", "192.0.2.1"],
    DeviceRequests: [{ Capabilities: [["gpu"]], DeviceIDs: ["0", "1"] }],
    Tmpfs: { "/scratch": "rw,noexec,nosuid,nodev,size=4096,mode=700,uid=0,gid=0" },
  });
  expect(HostConfig.SecurityOpt).toContain("apparmor=sandbox");
});

test("the default network is told by its name", () => {
  const { HostConfig } = planContainer(containerRequest({}, { network: "default" })).body;
  expect(HostConfig.NetworkMode).toBe("bridge");
});

test("a container that joins another's network takes its host name", () => {
  expect(planContainer(containerRequest({}, { network: "container:abc" })).body).not.toHaveProperty(
    "Hostname",
  );
});

function mount(Source: string, Target: string): object {
  return { Type: "bind", Source, Target, ReadOnly: false, BindOptions: { Propagation: "rprivate" } };
}

/** The same in another order, where order means nothing. */
function shuffled(request: ContainerRequest, next: () => number): ContainerRequest {
  const list = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => [next(), item] as const)
      .sort(([left], [right]) => left - right)
      .map(([, item]) => item);
  const map = <T>(values: Readonly<Record<string, T>>) => Object.fromEntries(list(Object.entries(values)));
  const { settings } = request;
  return {
    ...request,
    image: { ...request.image, env: list(request.image.env) },
    mounts: list(request.mounts),
    tmpfs: list(request.tmpfs),
    env: map(request.env),
    settings: {
      ...settings,
      tmpfs: list(settings.tmpfs),
      capDrop: list(settings.capDrop),
      ulimits: map(settings.ulimits),
      extraHosts: list(settings.extraHosts),
      binds: list(settings.binds),
    },
  };
}
