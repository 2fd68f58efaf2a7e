import { describe, expect, it, test } from "vitest";
import {
  type ContainerAllowances,
  checkContainerPlan,
} from "../../../src/sandbox/container/check-container-plan.ts";
import type { ContainerBody, ContainerPlan } from "../../../src/sandbox/container/container-plan.ts";
import { planContainer } from "../../../src/sandbox/container/plan-container.ts";
import { containerRequest } from "../../support/container-request.ts";

const plan = planContainer(containerRequest());

const closed: ContainerAllowances = {
  ownSources: plan.body.HostConfig.Mounts.map(({ Source }) => Source),
  bindGround: {
    homeDir: "/home/operator",
    stateDir: "/home/operator/.openclaw",
    workspaceRoot: "/home/operator/.openclaw/sandboxes",
    agentWorkspace: "/home/operator/.openclaw/workspace",
  },
  reservedContainerTargets: false,
  externalBindSources: false,
  containerNamespaceJoin: false,
  unlimited: [],
};

/** A plan as only a bug, or a setting that was allowed, could make it. */
function withBody(fields: Readonly<Record<string, unknown>>): ContainerPlan {
  return { ...plan, body: { ...plan.body, ...fields } as ContainerBody };
}

function withHost(fields: Readonly<Record<string, unknown>>): ContainerPlan {
  return withBody({ HostConfig: { ...plan.body.HostConfig, ...fields } });
}

function withMount(Source: string, Target: string, more: object = {}): ContainerPlan {
  const mount = { Type: "bind", Source, Target, ReadOnly: true, BindOptions: { Propagation: "rprivate" } };
  return withHost({ Mounts: [...plan.body.HostConfig.Mounts, { ...mount, ...more }] });
}

function codes(plan: ContainerPlan, allowances: Partial<ContainerAllowances> = {}): readonly string[] {
  return checkContainerPlan(plan, { ...closed, ...allowances }).map(({ code }) => code);
}

test("a plan where nothing is configured is closed", () => {
  expect(checkContainerPlan(plan, closed)).toEqual([]);
});

describe("a plan is refused", () => {
  const [profile = ""] = plan.body.HostConfig.SecurityOpt.filter((option) => option.startsWith("seccomp="));

  it.each<[string, ContainerPlan]>([
    ["privileged", withHost({ Privileged: true })],
    ["with a capability", withHost({ CapAdd: ["NET_RAW"] })],
    ["that is started again by the engine", withHost({ RestartPolicy: { Name: "always" } })],
    ["with a field that is not known", withHost({ PidMode: "host" })],
    ["with mounts in strings", withHost({ Binds: ["/:/host"] })],
    ["with a device", withHost({ Devices: [] })],
    ["with a field of the body that is not known", withBody({ NetworkingConfig: {} })],
  ])("%s", (_, wrong) => {
    expect(codes(wrong)).toEqual(["CONTAINER_FIELD_REFUSED"]);
  });

  it.each([
    "0:0",
    "1000:0",
    "0:1000",
    "root",
    "",
    "1000",
    "00:1000",
    "4294967295:1000",
    "1000:1000:0",
    "-1:1",
  ])("that runs as %j", (User) => {
    expect(codes(withBody({ User }))).toEqual(["CONTAINER_USER_REFUSED"]);
  });

  it.each(["host", "HOST", " host ", "", "ns:/proc/1/ns/net", "container:abc", "Container:abc"])(
    "on the network %j",
    (NetworkMode) => {
      expect(codes(withHost({ NetworkMode }))).toEqual(["CONTAINER_NAMESPACE_REFUSED"]);
    },
  );

  it.each([
    { IpcMode: "host" },
    { IpcMode: "shareable" },
    { IpcMode: "container:a" },
    { CgroupnsMode: "host" },
  ])("that shares a namespace: %j", (fields) => {
    expect(codes(withHost(fields))).toEqual(["CONTAINER_NAMESPACE_REFUSED"]);
  });

  it.each<[string, readonly string[]]>([
    ["nothing", []],
    ["no profile", ["no-new-privileges"]],
    ["privileges to be gained", [profile]],
    ["privileges to be gained after all", ["no-new-privileges:false", profile]],
    ["no confinement of calls", ["no-new-privileges", "seccomp=unconfined"]],
    ["a second profile", ["no-new-privileges", profile, "seccomp=unconfined"]],
    ["a profile that allows", ["no-new-privileges", 'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}']],
    ["a profile that is not there", ["no-new-privileges", "seccomp=/no/such/file.json"]],
    ["a profile that is a device", ["no-new-privileges", "seccomp=/dev/zero"]],
    ["no AppArmor", ["no-new-privileges", profile, "apparmor= Unconfined "]],
    ["no labels", ["no-new-privileges", profile, "label=disable"]],
    ["system paths", ["no-new-privileges", profile, "systempaths=unconfined"]],
  ])("with %s among its security options", (_, SecurityOpt) => {
    expect(new Set(codes(withHost({ SecurityOpt })))).toEqual(new Set(["CONTAINER_UNCONFINED"]));
  });

  it.each([
    { Memory: 0 },
    { MemorySwap: -1 },
    { MemorySwap: 2 ** 20 },
    { PidsLimit: -1 },
    { PidsLimit: 0 },
    { PidsLimit: Number.NaN },
    { NanoCpus: 0 },
    { NanoCpus: Number.POSITIVE_INFINITY },
    { Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }] },
    { LogConfig: { Type: "json-file", Config: {} } },
    { ShmSize: 0 },
    { ShmSize: undefined },
  ])("without a limit: %j", (fields) => {
    expect(new Set(codes(withHost(fields)))).toEqual(new Set(["CONTAINER_UNLIMITED"]));
  });

  it.each<[string, ContainerPlan]>([
    ["a name that engines do not take", { ...plan, name: "../x" }],
    ["an image by its tag", { ...plan, image: { reference: "a:b", id: "a:b" } }],
    ["another image than it says", withBody({ Image: `sha256:${"cd".repeat(32)}` })],
    ["a working folder that is a descriptor", withBody({ WorkingDir: "/proc/self/fd/8" })],
    ["a working folder that becomes one", withBody({ WorkingDir: "/tmp/../proc/self/fd/8" })],
    ["a relative working folder", withBody({ WorkingDir: "workspace" })],
  ])("with %s", (_, wrong) => {
    expect(codes(wrong)).toEqual(["CONTAINER_IDENTITY_INVALID"]);
  });

  it.each<[string, ContainerPlan]>([
    ...["/", "/etc", "/ETC/ssl", "/proc/1/root", "/var", "/root/x", "/run/docker.sock", "/home/operator"].map(
      (source): [string, ContainerPlan] => [`${source} inside`, withMount(source, "/data")],
    ),
    ["an engine's socket", withMount("/home/operator/.openclaw/workspace/docker.sock", "/data")],
    ["logins", withMount("/home/operator/.openclaw/workspace/.ssh", "/data")],
    [
      "another sandbox's home",
      withMount(`/home/operator/.openclaw/sandboxes/a-${"0".repeat(32)}/home`, "/data"),
    ],
    ["what lies outside of the workspaces", withMount("/srv/data", "/data")],
    ["a path with two dots", withMount("/home/operator/.openclaw/workspace/../../.ssh", "/data")],
    ["a volume", withMount("/home/operator/.openclaw/workspace/a", "/data", { Type: "volume" })],
    [
      "what is mounted there later, too",
      withMount("/home/operator/.openclaw/workspace/a", "/data", { BindOptions: { Propagation: "rshared" } }),
    ],
    [
      "with an option that is not known",
      withMount("/home/operator/.openclaw/workspace/a", "/data", { VolumeOptions: {} }),
    ],
    ["something over the workspace", withMount("/home/operator/.openclaw/workspace/a", "/agent")],
    ["something over the accounts", withMount("/home/operator/.openclaw/workspace/a", "/etc/passwd")],
    ["something over the kernel's files", withMount("/home/operator/.openclaw/workspace/a", "/proc/sys")],
    ["two things in one place", withMount("/home/operator/.openclaw/workspace/a", "/tmp")],
    ["memory without a size", withHost({ Tmpfs: { "/tmp": "rw,nosuid,nodev" } })],
    ["memory with devices", withHost({ Tmpfs: { "/tmp": "rw,nosuid,size=4096" } })],
    [
      "memory over its workspace",
      withHost({ Mounts: [], Tmpfs: { "/workspace": "nosuid,nodev,size=4096" } }),
    ],
    ["memory over devices", withHost({ Tmpfs: { "/dev": "nosuid,nodev,size=4096" } })],
  ])("with %s", (_, wrong) => {
    expect(new Set(codes(wrong))).toEqual(new Set(["CONTAINER_MOUNT_REFUSED"]));
  });
});

test("Skillcrate's own mounts may lie anywhere but where the machine or an engine is", () => {
  const own = (source: string) =>
    codes(withMount(source, "/etc/passwd"), { ownSources: [...closed.ownSources, source] });
  expect(own("/root/.openclaw/sandboxes/a/accounts/passwd")).toEqual([]);
  expect(own("/")).toEqual(["CONTAINER_MOUNT_REFUSED"]);
  expect(own("/run/user/1000/podman.sock")).toEqual(["CONTAINER_MOUNT_REFUSED"]);
});

test("what is allowed by name is let through, and nothing beside it", () => {
  const external = withMount("/srv/data", "/data");
  expect(codes(external, { externalBindSources: true })).toEqual([]);
  expect(codes(withMount("/etc", "/data"), { externalBindSources: true })).toEqual([
    "CONTAINER_MOUNT_REFUSED",
  ]);
  const reserved = withMount("/home/operator/.openclaw/workspace/a", "/agent");
  expect(codes(reserved, { reservedContainerTargets: true })).toEqual([]);
  expect(codes(external, { bindGround: null, externalBindSources: true })).toEqual([
    "CONTAINER_MOUNT_REFUSED",
  ]);
  expect(codes(withHost({ NetworkMode: "container:abc" }), { containerNamespaceJoin: true })).toEqual([]);
  expect(codes(withHost({ NetworkMode: "host" }), { containerNamespaceJoin: true })).toHaveLength(1);
  const unlimited = withHost({ Memory: 0, MemorySwap: -1, PidsLimit: -1, NanoCpus: 0 });
  expect(codes(unlimited, { unlimited: ["memory", "swap", "pids", "cpus"] })).toEqual([]);
  expect(codes(unlimited, { unlimited: ["memory", "swap", "cpus"] })).toEqual(["CONTAINER_UNLIMITED"]);
});
