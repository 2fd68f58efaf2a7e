import type { SandboxConfig } from "../../config/sandbox-config.ts";
import type { Session } from "../../config/session/session.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { Engine } from "../../engine/engine.ts";
import type { ContainerFacts } from "../../engine/sandbox/read-container-facts.ts";
import type { SharedRun } from "../../host/share-run.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import type { SkillsChoice, SkillsGround } from "../choose-skills.ts";
import type { SeccompProfile } from "../container/container-request.ts";
import type { ContainerUses } from "../container/container-use.ts";
import type { ContainerEvent, SettledContainer } from "../container/ensure-request.ts";
import type { Home, HomeRequest } from "../home/home-request.ts";
import type { HostPaths } from "../host-paths/create-host-paths.ts";
import type { MirrorCache } from "../mirror-cache.ts";
import type { MirroredSkills } from "../mirror-skills-request.ts";
import type { ScopeFolder } from "../scope-folder.ts";

/** One session that is to have its sandbox. */
export interface SandboxRequest extends Pick<HomeRequest, "templates" | "imports" | "importFrom"> {
  /** As `resolveSession` gives it; whether it is sandboxed at all is for the caller to look at. */
  readonly session: Session;
  /** Of the session's agent, without an error: see `loadSandboxConfig`. */
  readonly config: SandboxConfig;
  /** Where the gateway's skills come from, and which of them the agent has. */
  readonly skills: {
    readonly sources: Omit<SkillsGround, "workspaceDir">;
    readonly choice: SkillsChoice;
  };
  readonly signal?: AbortSignal;
}

/** What all requests of one gateway have in common. */
export interface SandboxGround {
  readonly engine: Engine;
  /** The owner label of its containers. */
  readonly owner: string;
  /** Absolute: the gateway's. */
  readonly stateDir: string;
  readonly homeDir: string;
  /** For a gateway that runs in a container itself. */
  readonly hostPaths: HostPaths;
  readonly facts: () => Promise<ContainerFacts>;
  /** Which system calls are allowed where nothing is configured; read once. */
  readonly builtInSeccomp: () => SeccompProfile;
  readonly uses: ContainerUses;
  readonly cache: MirrorCache;
  /** Whether a new session gets a sandbox that waits in the pool, where one does. */
  readonly takesWaiting: boolean;
  /** For what is made for the pool: the entry's id. */
  readonly pool?: string;
  /** Makes an image of this very name; without it a missing one is an error. */
  readonly buildImage?: BuildImage;
  /** Those of missing images that run now, by name. */
  readonly builds: Map<string, SharedRun<void>>;
  readonly onEvent?: (event: ContainerEvent) => void;
}

/** Makes an image that can be found by `reference` afterwards. */
export type BuildImage = (reference: string, signal: AbortSignal) => Promise<void>;

/** A sandbox that is there, in use until it is released. */
export interface Sandbox extends EnsuredSandbox, AsyncDisposable {}

/** All of it plain data, but for its release. */
export interface EnsuredSandbox extends SettledContainer {
  /** The container's. */
  readonly name: string;
  readonly folder: ScopeFolder;
  readonly user: Owner;
  readonly skills: MirroredSkills;
  readonly home: Home;
  /** Of the workspace, the environment, the home and the limits; those of the skills are with them. For operators. */
  readonly diagnostics: readonly Diagnostic[];
  /** Until this is called, or this process has ended, nobody stops, recreates or prunes it. */
  release(): void;
}
