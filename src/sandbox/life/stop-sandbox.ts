import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { findSandbox } from "./find-sandbox.ts";
import type { FoundSandbox, GatewaySandboxes } from "./find-sandboxes.ts";
import { type SandboxSummary, summarize } from "./list-sandboxes.ts";
import { withIdleSandbox } from "./with-idle-sandbox.ts";

export interface StopRequest extends GatewaySandboxes {
  /** A container's name or id, the whole key of a scope, its folder's name, or the beginning of a name or id. */
  readonly name: string;
  /** Also while somebody uses it. */
  readonly force?: boolean;
  /** What runs in it is killed after this; default 10. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

/**
 * Stops what runs of a sandbox; the next use starts it again. Gives its containers as they are then. Throws
 * `SANDBOX_NOT_FOUND` where a name means none or several, and `SANDBOX_IN_USE`.
 */
export async function stopSandbox(request: StopRequest): Promise<readonly SandboxSummary[]> {
  const { engine, name, force = false, timeoutSeconds = 10, signal } = request;
  const found = await findSandbox(request, name, signal);
  const options = { patienceMs, force, ...(signal === undefined ? {} : { signal }) };
  for (const sandbox of found) {
    const outcome = await withIdleSandbox(sandbox, options, () =>
      engine.sandboxes.stop(sandbox.container.id, timeoutSeconds),
    );
    if (outcome === "in use") throw inUse(sandbox);
  }
  return found.map((sandbox) => ({ ...summarize(sandbox), state: "exited" }));
}

const patienceMs = 10_000;

function inUse({ container }: FoundSandbox): SkillcrateError {
  return new SkillcrateError("SANDBOX_IN_USE", `The sandbox ${quoteValue(container.name)} is in use.`, {
    hint: "Wait until its session rests, or stop it all the same: --force",
  });
}
