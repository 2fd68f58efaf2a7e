import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { GatewaySandboxes } from "../life/find-sandboxes.ts";
import { type SandboxSummary, summarize } from "../life/list-sandboxes.ts";
import { withIdleSandbox } from "../life/with-idle-sandbox.ts";
import type { Scope } from "../scope.ts";
import { findBrowser } from "./find-browser.ts";

export interface StopBrowserRequest extends GatewaySandboxes {
  readonly scope: Scope;
  /** Also while somebody uses it. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Stops a scope's browser and leaves its sandbox alone; whoever keeps its doors closes them then. Null: there is none.
 * Throws `SANDBOX_IN_USE`.
 */
export async function stopBrowser(request: StopBrowserRequest): Promise<SandboxSummary | null> {
  const { engine, scope, force = false, signal } = request;
  const found = await findBrowser(request, scope, signal);
  if (found === null) return null;
  const { id, name } = found.container;
  const options = { patienceMs, force, ...(signal === undefined ? {} : { signal }) };
  const outcome = await withIdleSandbox(found, options, () => engine.sandboxes.stop(id, stopSeconds));
  if (outcome !== "in use") return { ...summarize(found), state: "exited" };
  throw new SkillcrateError("SANDBOX_IN_USE", `The browser ${quoteValue(name)} is in use.`, {
    hint: "Wait until its session rests, or stop it all the same: --force",
  });
}

const patienceMs = 10_000;
/** Chromium writes its profile then. */
const stopSeconds = 10;
