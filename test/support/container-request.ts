import type { ContainerRequest, ContainerSettings } from "../../src/sandbox/container/container-request.ts";
import { readSeccompProfile } from "../../src/sandbox/container/read-seccomp-profile.ts";

const mebibyte = 2 ** 20;

/** What a configuration that says nothing comes to. */
export const plainSettings: ContainerSettings = {
  containerPrefix: "skillcrate-test-",
  workdir: "/workspace",
  readOnlyRoot: true,
  tmpfs: [
    { target: "/tmp", sizeBytes: 64 * mebibyte, mode: null, noExec: false },
    { target: "/var/tmp", sizeBytes: 64 * mebibyte, mode: null, noExec: false },
    { target: "/run", sizeBytes: 16 * mebibyte, mode: null, noExec: false },
  ],
  network: "none",
  capDrop: ["ALL"],
  pidsLimit: 256,
  memoryBytes: 1024 * mebibyte,
  memorySwapBytes: 1024 * mebibyte,
  cpus: 1,
  ulimits: {},
  shmSizeBytes: 64 * mebibyte,
  gpus: null,
  apparmorProfile: null,
  runtime: null,
  dns: [],
  extraHosts: [],
  binds: [],
  setup: null,
  pruneIdleHours: 24,
  pruneMaxAgeDays: 7,
};

/** A sandbox of one session, with nothing of the host's but what `fields` mount. */
export function containerRequest(
  fields: Partial<Omit<ContainerRequest, "settings">> = {},
  settings: Partial<ContainerSettings> = {},
): ContainerRequest {
  return {
    role: "sandbox",
    scope: { kind: "session", key: "agent:main:telegram:dm:42" },
    agentId: "main",
    ownerId: "0123456789abcdef",
    scopeDir: "/var/lib/gateway/sandboxes/agent-main",
    image: {
      reference: "openclaw-sandbox:bookworm-slim",
      id: `sha256:${"ab".repeat(32)}`,
      env: ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"],
    },
    user: { uid: 1000, gid: 1000 },
    mounts: [
      { source: "/var/lib/gateway/sandboxes/agent-main/workspace", target: "/workspace", readOnly: false },
      { source: "/var/lib/gateway/sandboxes/agent-main/home", target: "/workspace/home", readOnly: false },
    ],
    tmpfs: [{ target: "/run/user/1000", sizeBytes: 16 * mebibyte, mode: 0o700, uid: 1000, gid: 1000 }],
    env: { HOME: "/workspace/home", LANG: "C.UTF-8" },
    command: null,
    seccompProfile: readSeccompProfile("sandbox"),
    engine: {
      product: "docker",
      cpus: 2,
      hasInit: true,
      countsSwap: true,
      defaultRuntime: "runc",
    },
    ...fields,
    settings: { ...plainSettings, ...settings },
  };
}
