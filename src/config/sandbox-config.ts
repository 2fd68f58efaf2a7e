/** Which sessions get a sandbox: none, all but an agent's main one, or every one. */
export const sandboxModes = ["off", "non-main", "all"] as const;
export type SandboxMode = (typeof sandboxModes)[number];

/** Who shares a sandbox. */
export const scopeKinds = ["session", "agent", "shared"] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** How much of the agent's own workspace a sandbox sees. */
export const workspaceAccesses = ["none", "ro", "rw"] as const;
export type WorkspaceAccess = (typeof workspaceAccesses)[number];

/** Why an effective value is what it is. */
export const originRules = {
  agent: "the agent's own setting comes before that of all agents",
  defaults: "set for all agents",
  reference: "nobody has set it: the gateway's documented default",
  safe: "nobody has set it, and the gateway has no default: a safe one",
  derived: "nobody has set it: it follows from something else",
} as const satisfies Record<string, string>;
export type OriginRule = keyof typeof originRules;

/** Where an effective value is from. */
export interface Origin {
  /** The file that says so; null: none does. */
  readonly file: string | null;
  /** As it is written there: `agents.list.0.sandbox.docker.memory`; else where it could be written. */
  readonly key: string;
  /** Of the value, from 1; null: nobody has written it, or the configuration came as a value without its text. */
  readonly line: number | null;
  readonly column: number | null;
  readonly rule: OriginRule;
}

/** An effective value that knows where it is from. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** A map that was merged name by name: each value has an origin of its own. Sorted by name; no prototype's names in it. */
export type SourcedMap<T> = ReadonlyMap<string, Sourced<T>>;

/** A list that was put together from several places. */
export type SourcedList<T> = readonly Sourced<T>[];

/** The sandbox settings of one agent, all merged: every value is usable as it stands. */
export interface SandboxConfig {
  readonly agentId: string;
  readonly mode: Sourced<SandboxMode>;
  readonly scope: Sourced<ScopeKind>;
  readonly workspaceAccess: Sourced<WorkspaceAccess>;
  /** Absolute: the folder of all sandboxes' folders. */
  readonly workspaceRoot: Sourced<string>;
  /** Absolute: the agent's own workspace. */
  readonly agentWorkspace: Sourced<string>;
  readonly docker: DockerConfig;
  readonly browser: BrowserConfig;
  readonly prune: PruneConfig;
}

/** `null` where nothing else is said: not set, the engine's own default applies. */
export interface DockerConfig {
  readonly image: Sourced<string>;
  readonly containerPrefix: Sourced<string>;
  /** Absolute, inside. */
  readonly workdir: Sourced<string>;
  readonly readOnlyRoot: Sourced<boolean>;
  readonly tmpfs: Sourced<readonly TmpfsSetting[]>;
  /** `none`, `bridge`, or a network's name; `container:NAME` only where that was allowed by name. */
  readonly network: Sourced<string>;
  /** Null: the owner of the workspace. Never root. */
  readonly user: Sourced<UserSetting | null>;
  /** `ALL`, or names without `CAP_`. */
  readonly capDrop: Sourced<readonly string[]>;
  readonly env: SourcedMap<string>;
  /** A script of a shell; the lines of a list joined. */
  readonly setupCommand: Sourced<string | null>;
  /** Null in these four: unlimited, asked for by name. */
  readonly pidsLimit: Sourced<number | null>;
  readonly memoryBytes: Sourced<number | null>;
  /** Memory and swap together, as engines count. */
  readonly memorySwapBytes: Sourced<number | null>;
  readonly cpus: Sourced<number | null>;
  readonly ulimits: SourcedMap<UlimitSetting>;
  readonly gpus: Sourced<GpuSetting | null>;
  /** Absolute path of a profile on the host; null: the built-in one. */
  readonly seccompProfile: Sourced<string | null>;
  readonly apparmorProfile: Sourced<string | null>;
  /** An OCI runtime that the engine knows, such as `runsc`. */
  readonly runtime: Sourced<string | null>;
  readonly dns: Sourced<readonly string[]>;
  /** `name:address`, as engines take them. */
  readonly extraHosts: Sourced<readonly string[]>;
  /** Those of all agents first. Judged by their spelling; links are judged on the disk. */
  readonly binds: SourcedList<BindSetting>;
  readonly dangerouslyAllowReservedContainerTargets: Sourced<boolean>;
  readonly dangerouslyAllowExternalBindSources: Sourced<boolean>;
  readonly dangerouslyAllowContainerNamespaceJoin: Sourced<boolean>;
}

export interface TmpfsSetting {
  /** Absolute, inside. */
  readonly target: string;
  readonly sizeBytes: number;
  /** Permission bits; null: 0777 with the sticky bit. */
  readonly mode: number | null;
  readonly noExec: boolean;
}

export interface UserSetting {
  readonly uid: number;
  /** Null: the same number as `uid`. */
  readonly gid: number | null;
}

/** Null: unlimited, asked for by name. */
export interface UlimitSetting {
  readonly soft: number | null;
  readonly hard: number | null;
}

/** Either all, or so many, or these. */
export type GpuSetting = { readonly count: number | "all" } | { readonly deviceIds: readonly string[] };

export interface BindSetting {
  /** Absolute, on the host; without `.`, `..` and doubled slashes. */
  readonly source: string;
  /** Absolute, inside. */
  readonly target: string;
  readonly readOnly: boolean;
}

export interface BrowserConfig {
  readonly enabled: Sourced<boolean>;
  readonly image: Sourced<string>;
  readonly containerPrefix: Sourced<string>;
  readonly cdpPort: Sourced<number>;
  readonly vncPort: Sourced<number>;
  readonly noVncPort: Sourced<number>;
  readonly headless: Sourced<boolean>;
  readonly enableNoVnc: Sourced<boolean>;
  readonly autoStart: Sourced<boolean>;
  readonly autoStartTimeoutMs: Sourced<number>;
  readonly allowHostControl: Sourced<boolean>;
  readonly allowedControlUrls: Sourced<readonly string[]>;
  readonly allowedControlHosts: Sourced<readonly string[]>;
  readonly allowedControlPorts: Sourced<readonly number[]>;
  /** Null: none; the web comes through a filtering proxy. */
  readonly network: Sourced<string | null>;
  /** Addresses that may reach CDP, as `10.0.0.0/8`; null: nobody on a network. */
  readonly cdpSourceRange: Sourced<string | null>;
  /** Null: none is set here, and `docker.binds` apply. */
  readonly binds: SourcedList<BindSetting> | null;
}

/** 0 turns a rule off. */
export interface PruneConfig {
  readonly idleHours: Sourced<number>;
  readonly maxAgeDays: Sourced<number>;
}
