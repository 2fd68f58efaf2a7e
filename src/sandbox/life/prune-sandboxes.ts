import { type FoundSandbox, findSandboxes, type GatewaySandboxes } from "./find-sandboxes.ts";
import { lastUsedMs, type SandboxSummary, summarize } from "./list-sandboxes.ts";
import { removeContainers } from "./remove-containers.ts";

export interface PruneRequest extends GatewaySandboxes {
  /** Say what would be removed. */
  readonly dryRun?: boolean;
  /** The time, in milliseconds since 1970; default: the clock. */
  readonly nowMs?: number;
  readonly signal?: AbortSignal;
}

export interface PrunedSandbox extends SandboxSummary {
  /** `idle`: not used for its idle hours. `age`: older than its days, however it is used. */
  readonly why: "idle" | "age";
}

export interface PrunedSandboxes {
  readonly removed: readonly PrunedSandbox[];
  /** Due, and in use. */
  readonly kept: readonly PrunedSandbox[];
}

/**
 * Removes the containers that are due by their own labels (`prune.idleHours`, `prune.maxAgeDays` when they were made):
 * never one that is in use, nor one that is used between the look and the removal. Workspaces and homes stay.
 */
export async function pruneSandboxes(request: PruneRequest): Promise<PrunedSandboxes> {
  const { engine, dryRun = false, nowMs = Date.now(), signal } = request;
  const due = (await findSandboxes(request, request)).filter(
    (sandbox) => sandbox.halfMade === null && whyDue(sandbox, nowMs) !== null,
  );
  const { removed, kept } = await removeContainers(engine, due, {
    patienceMs,
    dryRun,
    // Looked at again under the lock.
    isMeant: (sandbox) => whyDue(sandbox, nowMs) !== null,
    ...(signal === undefined ? {} : { signal }),
  });
  const describe = (sandbox: FoundSandbox): PrunedSandbox => ({
    ...summarize(sandbox),
    why: whyDue(sandbox, nowMs) ?? "idle",
  });
  return { removed: removed.map(describe), kept: kept.map(describe) };
}

/** Whoever takes longer than this is making the sandbox, and so wants it. */
const patienceMs = 1000;

const hourMs = 60 * 60 * 1000;

/** Null: it stays. */
function whyDue({ container, labels, recordsDir }: FoundSandbox, nowMs: number): PrunedSandbox["why"] | null {
  const { createdMs } = container;
  const idleMs = nowMs - lastUsedMs(createdMs, recordsDir);
  if (labels.pruneIdleHours > 0 && idleMs > labels.pruneIdleHours * hourMs) return "idle";
  if (labels.pruneMaxAgeDays > 0 && nowMs - createdMs > labels.pruneMaxAgeDays * 24 * hourMs) return "age";
  return null;
}
