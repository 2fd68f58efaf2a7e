import { randomBytes } from "node:crypto";
import { keepHeld } from "../../host/held-file.ts";
import type { SharedRun } from "../../host/share-run.ts";
import { dropClaim, readClaims, writeClaim } from "../../mirror/leases.ts";
import { noteContainerUse } from "./container-records.ts";
import type { SettledContainer } from "./ensure-request.ts";
import type { HardUlimits } from "./lower-ulimits.ts";

/**
 * What a process knows of the containers that it uses: the caller keeps it, one for each engine, and hands it to every
 * call. Nothing in it is for callers.
 */
export interface ContainerUses {
  readonly runs: Map<string, SharedRun<SettledContainer>>;
  /** By the folder of the scope's records. */
  readonly uses: Map<string, ContainerUse>;
  /** What the engine may not exceed, once it has refused more. */
  hardUlimits: HardUlimits;
}

/** One scope's sandbox, for all in this process who use it: they have one lease in common. */
export interface ContainerUse {
  readonly recordsDir: string;
  readonly token: string;
  /** Those who have the container, and those who wait for it. */
  users: number;
  /** Those who have it. */
  granted: number;
  /** Ends the lease; null: there is none yet. */
  endLease: (() => void) | null;
}

export function createContainerUses(): ContainerUses {
  return { runs: new Map(), uses: new Map(), hardUlimits: {} };
}

export function joinUse({ uses }: ContainerUses, recordsDir: string): ContainerUse {
  const use = uses.get(recordsDir) ?? startUse(recordsDir);
  uses.set(recordsDir, use);
  use.users += 1;
  return use;
}

function startUse(recordsDir: string): ContainerUse {
  return { recordsDir, token: randomBytes(6).toString("hex"), users: 0, granted: 0, endLease: null };
}

export function leaveUse({ uses }: ContainerUses, use: ContainerUse): void {
  use.users -= 1;
  if (use.users > 0) return;
  if (uses.get(use.recordsDir) === use) uses.delete(use.recordsDir);
  use.endLease?.();
  use.endLease = null;
}

/** To be called under the scope's lock, so that whoever removes under it sees every lease. */
export function lease(use: ContainerUse): void {
  if (use.endLease !== null) return;
  const claim = writeClaim(use.recordsDir, "lease", `${leaseWord}${use.token}`);
  const letGo = keepHeld(claim);
  use.endLease = () => {
    letGo();
    noteContainerUse(use.recordsDir);
    dropClaim(claim);
  };
}

/**
 * Whether a living process has the sandbox of a scope in use; `except`: those in this process who only wait for it do not
 * count. Reliable under the scope's lock alone.
 */
export function isSandboxLeased(recordsDir: string, except: ContainerUse | null = null): boolean {
  if (except !== null && except.granted > 0) return true;
  const own = except === null ? null : `${leaseWord}${except.token}`;
  return [...readClaims(recordsDir, "lease")].some((held) => held.startsWith(leaseWord) && held !== own);
}

/** Beside generations of skills, whose readers have their leases in the same folder. */
const leaseWord = "sandbox-";
