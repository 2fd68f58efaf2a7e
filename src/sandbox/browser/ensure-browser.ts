import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { stateFailure } from "../../host/state-failure.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { withLock } from "../../host/with-lock.ts";
import { ensureContainer } from "../container/ensure-container.ts";
import type { EnsuredContainer } from "../container/ensure-request.ts";
import { removeNetwork } from "../container/own-network.ts";
import { removeProfile } from "./browser-folders.ts";
import { readBrowserRecord, writeBrowserRecord } from "./browser-record.ts";
import type { Browser, BrowserGround, BrowserRequest } from "./browser-request.ts";
import { describeBrowser } from "./describe-browser.ts";
import { findOpenDoors, openDoors } from "./keep-doors.ts";
import { type PreparedBrowser, prepareBrowser } from "./prepare-browser.ts";
import { type BrowserRun, doorsRequest, startRun } from "./start-run.ts";

/**
 * Gives a session its browser: its container running, the browser in it answering, and its doors open on this machine.
 * Callers at one time, in one process or in several, get one browser; where it runs already that is two questions to the
 * engine and a look at the disk. What did not become ready is removed.
 *
 * Throws `BROWSER_NOT_RUNNING` where it does not run and `autoStart` is off; `BROWSER_TIMEOUT` and `BROWSER_ENDED` with
 * the last lines that it printed; `IMAGE_NOT_FOUND` with the command that builds it; and what `ensureContainer` throws.
 */
export async function ensureBrowser(request: BrowserRequest, ground: BrowserGround): Promise<Browser> {
  const { signal } = request;
  throwIfCancelled(signal);
  const prepared = await prepareBrowser(request, ground);
  const { places, plan } = prepared;
  const onWait = () => ground.onEvent?.({ type: "browser", name: plan.name, step: "waiting" });
  const options = signal === undefined ? { onWait } : { onWait, signal };
  try {
    return await withLock(
      places.recordsDir,
      browserLockName,
      () => settle(request, prepared, ground),
      options,
    );
  } catch (error) {
    if (error instanceof SkillcrateError || errnoOf(error) === "") throw error;
    throw stateFailure("keep a browser's records in", places.recordsDir, error);
  }
}

/** Whoever starts a browser, or opens its doors, holds it, in the browser's records. */
export const browserLockName = "browser";

async function settle(
  request: BrowserRequest,
  prepared: PreparedBrowser,
  ground: BrowserGround,
): Promise<Browser> {
  const { folder, plan } = prepared;
  await beforeStart(request, prepared, ground);
  const container = await ensureContainer({
    engine: ground.engine,
    plan,
    recordsDir: prepared.places.recordsDir,
    allowances: prepared.allowances,
    uses: ground.uses,
    // They have one profile.
    oldStopsFirst: true,
    ...(ground.onEvent === undefined ? {} : { onEvent: ground.onEvent }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  try {
    const run =
      (await findRun(prepared, container, request, ground)) ??
      (await start(request, prepared, container, ground));
    return describeBrowser(
      { container, plan, folder, headless: request.config.browser.headless.value, ...run },
      ground,
    );
  } catch (error) {
    container.release();
    throw error;
  }
}

/** The engine is asked first only where that decides something. */
async function beforeStart(
  { config, profile, start: isAskedFor, signal }: BrowserRequest,
  { plan, places, user }: PreparedBrowser,
  { engine }: BrowserGround,
): Promise<void> {
  const mayStart = config.browser.autoStart.value || isAskedFor === true;
  if (mayStart && profile !== "fresh") return;
  const state = (await engine.sandboxes.inspect(plan.name, signal))?.state;
  if (state === "running") return;
  if (!mayStart) throw notRunning(plan.name);
  await removeProfile(places, user, signal);
}

/** A run that has its secrets already, with doors that are open or are opened now. Null: there is none. */
async function findRun(
  { places, plan }: PreparedBrowser,
  { id, runningSince }: EnsuredContainer,
  request: BrowserRequest,
  ground: BrowserGround,
): Promise<BrowserRun | null> {
  const { recordsDir } = places;
  const record = readBrowserRecord(recordsDir);
  if (record === null || runningSince === null) return null;
  if (record.containerId !== id || record.runningSince !== runningSince) return null;
  const open = await findOpenDoors(ground, recordsDir, record);
  if (open !== null) return { secrets: record.secrets, doors: open };
  const run = { containerId: id, runningSince };
  const asked = doorsRequest(request, places, record.secrets, ground);
  const doors = await openDoors(ground, recordsDir, run, asked);
  writeBrowserRecord(recordsDir, { ...record, doors: doors.recorded });
  ground.onEvent?.({ type: "browser", name: plan.name, step: "doors-opened" });
  return { secrets: record.secrets, doors };
}

/** A browser that does not answer is of no use to anybody, and the next caller would find it like that. */
async function start(
  request: BrowserRequest,
  prepared: PreparedBrowser,
  container: EnsuredContainer,
  ground: BrowserGround,
): Promise<BrowserRun> {
  const { name, network } = prepared.plan;
  const { engine, owner } = ground;
  try {
    const run = await startRun(request, prepared, container, ground);
    ground.onEvent?.({ type: "browser", name, step: "ready" });
    return run;
  } catch (error) {
    await engine.containers.remove(container.id);
    await removeNetwork(engine, network?.name ?? null, owner);
    ground.onEvent?.({ type: "browser", name, step: "removed" });
    throw error;
  }
}

function notRunning(name: string): SkillcrateError {
  return new SkillcrateError("BROWSER_NOT_RUNNING", `The browser ${quoteValue(name)} does not run.`, {
    hint: "Start it: skillcrate sandbox browser start\nOr set browser.autoStart to true.",
  });
}
