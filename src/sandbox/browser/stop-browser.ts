import { setTimeout as delay } from "node:timers/promises";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import { isRunning } from "../../host/process-identity.ts";
import type { FoundSandbox, GatewaySandboxes } from "../life/find-sandboxes.ts";
import { type SandboxSummary, summarize } from "../life/list-sandboxes.ts";
import { withIdleSandbox } from "../life/with-idle-sandbox.ts";
import type { Scope } from "../scope.ts";
import { askBrowser } from "./ask-browser.ts";
import { readBrowserRecord } from "./browser-record.ts";
import { findBrowser } from "./find-browser.ts";
import { withCdp } from "./with-cdp.ts";

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
  const outcome = await withIdleSandbox(found, options, async () => {
    if (await askToClose(found, signal)) await untilEnded(engine, id, signal);
    await engine.sandboxes.stop(id, stopSeconds);
  });
  if (outcome !== "in use") return { ...summarize(found), state: "exited" };
  throw new SkillcrateError("SANDBOX_IN_USE", `The browser ${quoteValue(name)} is in use.`, {
    hint: "Wait until its session rests, or stop it all the same: --force",
  });
}

/** On a signal Chromium ends at once, and what it has not written of its profile by then is lost. False: it was not asked. */
async function askToClose(
  { recordsDir, container }: FoundSandbox,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const record = recordsDir === null ? null : readBrowserRecord(recordsDir);
  if (record?.containerId !== container.id || record.doors === null) return false;
  if (isRunning(record.doors.keeper) !== "yes") return false;
  const cdpUrl = `http://127.0.0.1:${record.doors.cdpPort}`;
  const answer = await askBrowser(cdpUrl, record.secrets.cdpToken, answerMs);
  if (!answer.ok) return false;
  try {
    await withCdp(answer.wsEndpoint, signal, (cdp) => cdp.send("Browser.close"));
  } catch (error) {
    // It may be gone before it has answered.
    if (!(error instanceof SkillcrateError) || error.code === "CANCELLED") throw error;
  }
  return true;
}

async function untilEnded(engine: Engine, id: string, signal: AbortSignal | undefined): Promise<void> {
  const endMs = performance.now() + stopSeconds * 1000;
  while (performance.now() < endMs && (await engine.sandboxes.inspect(id, signal))?.state === "running") {
    await delay(lookMs);
  }
}

const lookMs = 50;

const answerMs = 2000;
const patienceMs = 10_000;
/** Chromium writes its profile then. */
const stopSeconds = 10;
