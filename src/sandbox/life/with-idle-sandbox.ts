import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { stateFailure } from "../../host/state-failure.ts";
import { withLock } from "../../host/with-lock.ts";
import { containerLockName } from "../container/container-records.ts";
import { isSandboxLeased } from "../container/container-use.ts";
import type { FoundSandbox } from "./find-sandboxes.ts";

export interface IdleOptions {
  /** How long to wait for whoever is looking at it or making it. */
  readonly patienceMs: number;
  /** Also while somebody uses it. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Runs a task on a sandbox while nobody uses it and nobody can begin to. `in use`, and nothing was done, where somebody
 * does, or still works on it when the patience is at an end.
 */
export async function withIdleSandbox<Result>(
  { recordsDir }: Pick<FoundSandbox, "recordsDir">,
  { patienceMs, force = false, signal }: IdleOptions,
  task: () => Promise<Result>,
): Promise<Result | "in use"> {
  // Leases are in the scope's folder: without that nobody has one.
  if (recordsDir === null) return task();
  const patience = AbortSignal.timeout(patienceMs);
  let begun = false;
  const taskUnlessLeased = async () => {
    begun = true;
    return !force && isSandboxLeased(recordsDir) ? "in use" : task();
  };
  try {
    return await withLock(recordsDir, containerLockName, taskUnlessLeased, {
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    });
  } catch (error) {
    if (!begun && patience.aborted && signal?.aborted !== true) return "in use";
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw stateFailure("look after the sandbox in", recordsDir, error);
  }
}
