import type { ContainerState } from "../../engine/sandbox/sandbox-port.ts";
import { readContainerUse } from "../container/container-records.ts";
import { isSandboxLeased } from "../container/container-use.ts";
import type { PoolState } from "../pool/look-up-entry.ts";
import type { Scope } from "../scope.ts";
import { type FoundSandbox, findSandboxes, type GatewaySandboxes } from "./find-sandboxes.ts";

/** One sandbox's container. Plain JSON. */
export interface SandboxSummary {
  readonly id: string;
  readonly name: string;
  readonly role: "sandbox" | "browser";
  readonly state: ContainerState;
  readonly scope: Scope;
  readonly agent: string | null;
  /** The image as configured, and what it was then. */
  readonly image: string;
  readonly imageId: string;
  readonly planHash: string;
  /** Milliseconds since 1970, in this and the next. */
  readonly createdMs: number;
  readonly lastUsedMs: number;
  /** Whether a living process uses it. */
  readonly inUse: boolean;
  /** Whether it is still being made, or was when its maker ended. */
  readonly halfMade: boolean;
  /** Of what was made for the pool; null: it was made for its scope. */
  readonly pool: PoolState | null;
  /** The scope's folder on the host. */
  readonly scopeDir: string;
}

/** Every sandbox of a gateway, running or not, from the labels of its containers: no file is needed to know them. */
export async function listSandboxes(
  request: GatewaySandboxes & { readonly signal?: AbortSignal },
): Promise<readonly SandboxSummary[]> {
  return (await findSandboxes(request, request)).map(summarize);
}

export function summarize({ container, labels, pool, recordsDir, halfMade }: FoundSandbox): SandboxSummary {
  const { id, name, state, createdMs } = container;
  const { role, scope, agent, image, imageId, planHash, scopeDir } = labels;
  return {
    ...{ id, name, role, state, scope, agent, image, imageId, planHash, createdMs },
    lastUsedMs: lastUsedMs(createdMs, recordsDir),
    inUse: recordsDir !== null && isSandboxLeased(recordsDir),
    halfMade: halfMade !== null,
    pool,
    scopeDir,
  };
}

/** Whose records are gone counts as used when it was created. */
export function lastUsedMs(createdMs: number, recordsDir: string | null): number {
  return Math.max(createdMs, recordsDir === null ? 0 : (readContainerUse(recordsDir) ?? 0));
}
