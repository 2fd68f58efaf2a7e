import type { NetworkSpec } from "../../engine/sandbox/network-port.ts";

/** What one sandbox's container is to be, decided before an engine is asked. Plain data: equal input, equal plan. */
export interface ContainerPlan {
  /** Of the container: prefix, readable part, 128 bits of hash over owner, role and scope. */
  readonly name: string;
  /**
   * Lower-case hex SHA-256 over everything else in the plan, the image's id and the seccomp profile's text included. Also in
   * the labels.
   */
  readonly hash: string;
  readonly image: {
    /** As configured. */
    readonly reference: string;
    /** `sha256:…` of what the reference named when this was planned; what is created stands on this. */
    readonly id: string;
  };
  /** The body of `POST /containers/create`. */
  readonly body: ContainerBody;
  /** A bridge that it has for itself: made before it, and removed with it. Null: it has none. */
  readonly network: NetworkSpec | null;
  /** Run once, in a new container, before anybody may use it. Null: nothing. */
  readonly setup: { readonly command: readonly string[]; readonly timeoutMs: number } | null;
}

/** Words and units of the engine's API (1.41): bytes, nano-CPUs, seconds. */
export interface ContainerBody {
  readonly Image: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  /** `uid:gid`. */
  readonly User: string;
  readonly WorkingDir: string;
  /** `NAME=value`, sorted by name. */
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly Hostname?: string;
  readonly StopTimeout: number;
  readonly HostConfig: ContainerHostConfig;
}

export interface ContainerHostConfig {
  readonly NetworkMode: string;
  readonly ReadonlyRootfs: boolean;
  readonly Init: boolean;
  readonly Privileged: false;
  readonly CapDrop: readonly string[];
  readonly CapAdd: readonly string[];
  /** `no-new-privileges`, `seccomp=<the profile's JSON, or for Podman its path>`, `apparmor=<name>`. */
  readonly SecurityOpt: readonly string[];
  readonly PidsLimit: number;
  readonly Memory: number;
  readonly MemorySwap: number;
  readonly NanoCpus: number;
  readonly IpcMode: string;
  readonly CgroupnsMode: string;
  readonly Ulimits: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
  /** Path → mount options. */
  readonly Tmpfs: Readonly<Record<string, string>>;
  readonly Mounts: readonly ContainerMount[];
  readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
  readonly RestartPolicy: { readonly Name: "no" };
  readonly Dns?: readonly string[];
  readonly ExtraHosts?: readonly string[];
  /** `runsc` where gVisor is asked for. */
  readonly Runtime?: string;
  readonly ShmSize?: number;
  readonly DeviceRequests?: readonly object[];
}

/** A bind mount as an object, never a `source:target` string: a missing source is an error, and `:` is legal in a path. */
export interface ContainerMount {
  readonly Type: "bind";
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly: boolean;
  readonly BindOptions: { readonly Propagation: "rprivate" };
}

/** Labels of every container that sandboxes are made of. They are the truth; files beside them can be lost. */
export const containerLabels = {
  /** `sandbox` or `browser`. */
  role: "dev.skillcrate.role",
  /** The gateway's state folder, hashed: two gateways on one engine never touch each other's sandboxes. */
  owner: "dev.skillcrate.owner",
  /** `session`, `agent` or `shared`. */
  scope: "dev.skillcrate.scope",
  /** The scope's whole key, compared on reuse. */
  scopeKey: "dev.skillcrate.scope-key",
  agent: "dev.skillcrate.agent",
  planHash: "dev.skillcrate.plan-hash",
  /** The image as configured, and what it was when the plan was made. */
  image: "dev.skillcrate.image",
  imageId: "dev.skillcrate.image-id",
  /** Idle hours and age in days after which it may be pruned; 0: never. */
  pruneIdleHours: "dev.skillcrate.prune-idle-hours",
  pruneMaxAgeDays: "dev.skillcrate.prune-max-age-days",
  /** The scope's folder on the host. */
  scopeDir: "dev.skillcrate.scope-dir",
  /** Of what was made for the pool: the entry's id. Whose it is by now, a claim on the disk says. */
  pool: "dev.skillcrate.pool",
  /** The network that it has for itself, which has the labels of the role, the owner and the scope too. */
  network: "dev.skillcrate.network",
  /** Where the engine may not give what was planned: `nofile=1024,nproc=512`, which the container has instead. */
  hardUlimits: "dev.skillcrate.hard-ulimits",
} as const;
