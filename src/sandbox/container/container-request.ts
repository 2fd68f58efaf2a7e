import type {
  BindSetting,
  GpuSetting,
  ScopeKind,
  TmpfsSetting,
  UlimitSetting,
} from "../../config/sandbox-config.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import type { SandboxMount, SandboxTmpfs } from "../sandbox-mount.ts";

/** Everything that decides what a container is to be. Plain values; lists of what has no order may come in any. */
export interface ContainerRequest {
  readonly role: "sandbox" | "browser";
  readonly scope: { readonly kind: ScopeKind; readonly key: string };
  /** Null: not said. */
  readonly agentId: string | null;
  /** The gateway's state folder, hashed. */
  readonly ownerId: string;
  /** Absolute, on the gateway's host: the scope's folder. */
  readonly scopeDir: string;
  /** For the pool: the entry's id. */
  readonly pool?: string;
  /** On a bridge that it has for itself, in the place of `settings.network`. */
  readonly ownNetwork?: boolean;
  readonly image: PlannedImage;
  readonly user: Owner;
  /** What Skillcrate mounts by itself: workspace, skills, home and the like. */
  readonly mounts: readonly Pick<SandboxMount, "source" | "target" | "readOnly">[];
  /** What a home needs in memory, beside `settings.tmpfs`. */
  readonly tmpfs: readonly SandboxTmpfs[];
  /** No secrets: everybody who may inspect the container reads it. Stands before the image's own. */
  readonly env: Readonly<Record<string, string>>;
  /** What keeps the container alive, and its arguments. Null: it sleeps. */
  readonly command: readonly string[] | null;
  readonly seccompProfile: SeccompProfile;
  readonly settings: ContainerSettings;
  readonly engine: ContainerEngine;
}

/** Which system calls are allowed. */
export interface SeccompProfile {
  /** As engines take it inline. */
  readonly json: string;
  /** Where the same is on the host: Podman takes no other form. */
  readonly path: string;
}

export interface PlannedImage {
  /** As configured. */
  readonly reference: string;
  /** `sha256:…` of what the reference names now. */
  readonly id: string;
  /** `NAME=value`, as its configuration has it. */
  readonly env: readonly string[];
}

/** The effective values of `docker` and `prune` of a sandbox's configuration. */
export interface ContainerSettings {
  readonly containerPrefix: string;
  readonly workdir: string;
  readonly readOnlyRoot: boolean;
  readonly tmpfs: readonly TmpfsSetting[];
  readonly network: string;
  readonly capDrop: readonly string[];
  /** Null in these four: unlimited, asked for by name. */
  readonly pidsLimit: number | null;
  readonly memoryBytes: number | null;
  /** Memory and swap together. */
  readonly memorySwapBytes: number | null;
  readonly cpus: number | null;
  /** Name → limit; stands before the built-in ones of `core` and `nofile`. */
  readonly ulimits: Readonly<Record<string, UlimitSetting>>;
  readonly shmSizeBytes: number;
  readonly gpus: GpuSetting | null;
  readonly apparmorProfile: string | null;
  /** Null: the engine's default. */
  readonly runtime: string | null;
  readonly dns: readonly string[];
  readonly extraHosts: readonly string[];
  readonly binds: readonly BindSetting[];
  readonly setup: { readonly command: readonly string[]; readonly timeoutMs: number } | null;
  readonly pruneIdleHours: number;
  readonly pruneMaxAgeDays: number;
}

/** What of the engine decides what it can be asked for. */
export interface ContainerEngine {
  readonly product: "docker" | "podman";
  readonly cpus: number;
  /** Whether it has an init program for containers. */
  readonly hasInit: boolean;
  /** Whether it counts swap; where it does not, a limit of memory and swap together cannot be had. */
  readonly countsSwap: boolean;
  /** Null: not told. */
  readonly defaultRuntime: string | null;
}
