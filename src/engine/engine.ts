import type { Readable } from "node:stream";
import type { ContextFile } from "../dockerfile/build-context.ts";
import type { ExecPort } from "./exec/exec-port.ts";
import type { NetworkPort } from "./sandbox/network-port.ts";
import type { ContainerFacts } from "./sandbox/read-container-facts.ts";
import type { SandboxPort } from "./sandbox/sandbox-port.ts";

/** A connected engine: what it is, and a port of at most seven methods for each role. Made by `connectEngine`. */
export interface Engine {
  readonly info: EngineInfo;
  readonly images: ImagePort;
  readonly builds: BuildPort;
  readonly containers: ContainerPort;
  readonly sandboxes: SandboxPort;
  readonly networks: NetworkPort;
  readonly execs: ExecPort;
  readonly registry: RegistryPort;
}

export interface EngineInfo {
  /** Which strategy found it, e.g. `DOCKER_HOST`, `docker context "rootless"`, `/var/run/docker.sock`. */
  readonly strategy: string;
  readonly product: "docker" | "podman";
  readonly version: string;
  readonly apiVersion: string;
  readonly platform: string;
  /** Whether the server has BuildKit behind its build endpoint. */
  readonly buildkit: boolean;
}

export interface ImageDetails {
  /** `sha256:…` of the image's configuration: its identity until it is pushed. */
  readonly id: string;
  readonly tags: readonly string[];
  /** `repository@sha256:…` of every registry it came from or went to. */
  readonly repoDigests: readonly string[];
  readonly sizeBytes: number;
  readonly labels: Readonly<Record<string, string>>;
  /** `sha256:…` of each layer, lowest first. */
  readonly layers: readonly string[];
  readonly env: readonly string[];
  readonly user: string;
  readonly architecture: string;
  readonly created: string;
}

export interface ImagePort {
  /** Null where there is no such image. One request. */
  inspect(reference: string, signal?: AbortSignal): Promise<ImageDetails | null>;
  tag(id: string, reference: string): Promise<void>;
  /**
   * Removes a tag, or an image by id, never by force, and with it the untagged images that it alone stood on unless
   * `keepParents` is set; no error where it is already gone. Throws `IMAGE_IN_USE` where a container, a child image or
   * a further tag still needs it.
   */
  remove(reference: string, options?: { readonly keepParents: boolean }): Promise<void>;
  /** Images with this label (`key` or `key=value`). */
  list(label: string): Promise<readonly ImageDetails[]>;
  /** Makes an image from one root file system as a tar stream, as `docker import` does. Gives its id. */
  importRoot(tar: Readable, changes: readonly string[], signal?: AbortSignal): Promise<string>;
  /** Each history entry's `CreatedBy` and size in bytes, newest first. */
  history(reference: string): Promise<readonly { readonly createdBy: string; readonly sizeBytes: number }[]>;
}

export interface BuildRequest {
  readonly context: readonly ContextFile[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly platform: string | null;
  readonly builder: "buildkit" | "classic";
  /** Images whose inline cache may be used. */
  readonly cacheFrom: readonly string[];
  /** Ask BuildKit to store cache metadata in the image. */
  readonly inlineCache: boolean;
  readonly noCache: boolean;
  /** Stop at this stage; null builds the last one. */
  readonly target: string | null;
  readonly signal: AbortSignal;
}

/** What a running build says, the same for both builders. */
export type BuildStepEvent =
  | { readonly type: "step-started"; readonly step: string; readonly title: string }
  | {
      readonly type: "step-progress";
      readonly step: string;
      readonly bytes: number;
      readonly totalBytes: number | null;
    }
  | { readonly type: "step-log"; readonly step: string; readonly text: string }
  | {
      readonly type: "step-done";
      readonly step: string;
      readonly cached: boolean;
      readonly seconds: number;
      /** Why it came to nothing, where the build goes on without it. */
      readonly problem?: string;
    }
  | {
      readonly type: "step-failed";
      readonly step: string;
      readonly title: string;
      readonly message: string;
      readonly log: readonly string[];
    }
  /** `stages`: short ids of the images that the classic builder left of each stage; BuildKit leaves none. */
  | { readonly type: "image-id"; readonly id: string; readonly stages: readonly string[] };

export interface BuildPort {
  /**
   * Builds without a tag. The stream ends after `image-id`; it throws a {@link SkillcrateError} `BUILD_FAILED` after
   * `step-failed`, and `CANCELLED` within 2 s of the signal.
   */
  build(request: BuildRequest): AsyncIterable<BuildStepEvent>;
  /** Bytes of build cache that the engine holds, and how many it could free. */
  cacheUsage(): Promise<{ readonly bytes: number; readonly reclaimableBytes: number }>;
}

export interface ContainerSpec {
  readonly image: string;
  readonly command: readonly string[];
  /** Replaces the image's entrypoint; an empty list clears it. */
  readonly entrypoint?: readonly string[];
  /** `uid:gid` or a name; null: the image's own. */
  readonly user: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** `none`, `bridge`, or a network's name. */
  readonly network: string;
  readonly readOnlyRoot: boolean;
  /** Path → options, e.g. `/tmp` → `rw,nosuid,nodev,size=64m`. */
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly memoryBytes: number;
  readonly pids: number;
  readonly workdir?: string;
}

export interface ExecSpec {
  readonly command: readonly string[];
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly workdir?: string;
  /** Output beyond this is dropped and `truncated` set. */
  readonly outputLimitBytes: number;
  readonly timeoutMs: number;
}

export interface ExecResult {
  /** Null where it did not end in time. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly timedOut: boolean;
}

export interface ContainerEntry {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
}

export interface ContainerPort {
  /** Creates with all capabilities dropped and no-new-privileges; gives the id. Nothing is started. */
  create(spec: ContainerSpec, signal?: AbortSignal): Promise<string>;
  start(id: string): Promise<void>;
  exec(id: string, spec: ExecSpec): Promise<ExecResult>;
  /** Kills and removes, with its anonymous volumes; no error where it is already gone. */
  remove(id: string): Promise<void>;
  /** Containers with this label (`key` or `key=value`), stopped ones included. */
  list(label: string): Promise<readonly ContainerEntry[]>;
  /** When the engine was started, in milliseconds since 1970; null where it does not tell. */
  engineStartedMs(): Promise<number | null>;
  /** What containers can be asked to be. One request, which takes the engine its time. */
  facts(): Promise<ContainerFacts>;
}

/** What one registry, and no other, may be told. */
export type RegistryAuth =
  | { readonly serverAddress: string; readonly username: string; readonly password: string }
  | { readonly serverAddress: string; readonly identityToken: string };

export interface TransferProgress {
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface RegistryPort {
  /** Pulls a reference (tag or digest). Credentials go to the registry they belong to and to no other. */
  pull(
    reference: string,
    platform: string | null,
    onProgress: (progress: TransferProgress) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Pushes a tag; gives the digest (`sha256:…`) the registry now has. */
  push(
    reference: string,
    onProgress: (progress: TransferProgress) => void,
    signal: AbortSignal,
  ): Promise<string>;
}
