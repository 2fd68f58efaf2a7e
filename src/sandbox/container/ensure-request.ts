import type { Engine } from "../../engine/engine.ts";
import type { ContainerAllowances } from "./check-container-plan.ts";
import type { Difference } from "./compare-container.ts";
import type { ContainerPlan } from "./container-plan.ts";
import type { ContainerUses } from "./container-use.ts";
import type { MountedFolder } from "./mounted-folders.ts";

export interface EnsureContainerRequest {
  readonly engine: Engine;
  readonly plan: ContainerPlan;
  /** For a scope that has claimed an entry of the pool. */
  readonly pooled?: PooledContainer;
  /** The scope's records, in a folder that exists: see `scopeFolder`. */
  readonly recordsDir: string;
  /** What is mounted of the scope's own, as this process sees it; only folders count. Default: none. */
  readonly folders?: readonly MountedFolder[];
  /** What the plan may open, since somebody asked for it by name; nothing else is ever made. */
  readonly allowances: ContainerAllowances;
  /** Of the caller; all calls that share it share one lease for a sandbox, and run once for the same plan. */
  readonly uses: ContainerUses;
  /** The old container and the new one cannot run side by side: the old one is stopped before the new one is started. */
  readonly oldStopsFirst?: boolean;
  readonly onEvent?: (event: ContainerEvent) => void;
  readonly signal?: AbortSignal;
}

/** A container of the pool, as its scope would have it: what is made anew is made from the scope's own plan. */
export interface PooledContainer {
  /** Of the entry. */
  readonly id: string;
  /** Its name until its scope's sandbox is found under the scope's own. */
  readonly waitingName: string;
  /** What it was made from. */
  readonly plan: ContainerPlan;
}

/** What has just been done. Nothing is said of a container that is reused. */
export interface ContainerEvent {
  readonly type: "container";
  /** The name that the container has in the end. */
  readonly name: string;
  readonly step: ContainerStep;
}

/**
 * `waiting`: another process is at it. `limited`: the engine may not give the limits that were asked for, and it is made
 * with the highest that it may. `set-up`: its setup command has run. `replaced`: the one before is removed.
 */
export type ContainerStep =
  | "waiting"
  | "created"
  | "compared"
  | "limited"
  | "started"
  | "set-up"
  | "replaced"
  | "named";

/** Why a container is not what it would be if it were made now. */
export type OutdatedReason =
  /** Its image's tag names another image by now. */
  | { readonly kind: "image"; readonly plannedId: string; readonly realId: string }
  /** It was made from another plan: the configuration, or this program, has changed. */
  | { readonly kind: "plan"; readonly plannedHash: string; readonly realHash: string }
  /** It was made from this plan and is otherwise now: somebody has changed it. */
  | { readonly kind: "changed"; readonly differences: readonly Difference[] }
  /** It runs with folders that were removed since: paths inside. */
  | { readonly kind: "folders"; readonly targets: readonly string[] };

/**
 * `started`: it had stopped, or was paused. `recreated`: another one has its place. `claimed`: it waited in the pool, and
 * runs.
 */
export type ContainerAction = "reused" | "started" | "created" | "recreated" | "claimed";

/** A container that runs and is as planned, unless `outdated` says otherwise. */
export interface SettledContainer {
  readonly id: string;
  readonly action: ContainerAction;
  /** What it is held to. */
  readonly plan: ContainerPlan;
  /** With `reused`: when it was started, in the engine's words, which tell one run of it from another; else null. */
  readonly runningSince: string | null;
  /**
   * With `recreated`: why. With `reused` and `started`: why it ought to be recreated; it was not, since somebody uses it.
   * The next call after its last use does it.
   */
  readonly outdated: readonly OutdatedReason[];
}

export interface EnsuredContainer extends SettledContainer {
  /** Until this is called, or this process has ended, nobody stops, recreates or prunes the sandbox. */
  release(): void;
}
