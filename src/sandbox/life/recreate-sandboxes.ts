import { forgetSetupFailure } from "../container/container-records.ts";
import { findScopes } from "../home/find-scope.ts";
import { findMismatched, type Mismatch } from "./find-mismatched.ts";
import { type FoundSandbox, findSandboxes, type GatewaySandboxes } from "./find-sandboxes.ts";
import { type SandboxSummary, summarize } from "./list-sandboxes.ts";
import { removeContainers } from "./remove-containers.ts";
import { isSelected, type SandboxSelection, selectSandboxes } from "./select-sandboxes.ts";

export interface RecreateRequest extends GatewaySandboxes {
  readonly selection: SandboxSelection;
  /** Only those that would be made otherwise now. */
  readonly mismatched?: boolean;
  /** The hash of the plan that a sandbox would be made from now; null: not known. Without it only images are compared. */
  readonly plannedHash?: (sandbox: SandboxSummary) => Promise<string | null>;
  /** Only browsers, not the sandboxes that they belong to. */
  readonly browserOnly?: boolean;
  /** Also while somebody uses it. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

export interface RecreatedSandbox extends SandboxSummary {
  /** Null where it was not asked for. */
  readonly mismatch: Mismatch | null;
}

export interface RecreatedSandboxes {
  /** The next use of each makes it anew. */
  readonly removed: readonly RecreatedSandbox[];
  /** Somebody uses them. */
  readonly kept: readonly RecreatedSandbox[];
}

/**
 * Removes the containers of sandboxes that nobody uses, so that the next use makes them anew, and lets setup commands that
 * failed run again. Workspaces and homes stay.
 */
export async function recreateSandboxes(request: RecreateRequest): Promise<RecreatedSandboxes> {
  const { engine, selection, mismatched = false, browserOnly = false, force = false, signal } = request;
  const selected = selectSandboxes(await findSandboxes(request, request), selection).filter(
    ({ labels, halfMade }) => halfMade === null && (labels.role === "browser" || !browserOnly),
  );
  if (!mismatched) await forgetFailures(request);
  const mismatches = mismatched ? await findMismatched(engine, selected, request.plannedHash, signal) : null;
  const chosen = selected.filter((sandbox) => mismatches?.has(sandbox) ?? true);
  const options = { patienceMs, force, ...(signal === undefined ? {} : { signal }) };
  const { removed, kept } = await removeContainers(engine, chosen, options);
  const describe = (sandbox: FoundSandbox): RecreatedSandbox => ({
    ...summarize(sandbox),
    mismatch: mismatches?.get(sandbox) ?? null,
  });
  return { removed: removed.map(describe), kept: kept.map(describe) };
}

const patienceMs = 10_000;

/** A sandbox whose setup failed has no container to be found by. */
async function forgetFailures({ workspaceRoot, selection, signal }: RecreateRequest): Promise<void> {
  for (const { recordsDir, record } of await findScopes(workspaceRoot, signal)) {
    if (record === null) {
      if (selection.kind === "all") forgetSetupFailure(recordsDir);
      continue;
    }
    const { kind, key, agent, sessions } = record;
    const sharers = { scope: { kind, key }, agent, sessions: sessions.map((session) => session.key) };
    if (isSelected(sharers, selection)) forgetSetupFailure(recordsDir);
  }
}
