import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { containerGone } from "../../engine/port/exec-command.ts";
import type { EnsuredContainer } from "../container/ensure-request.ts";
import { awaitBrowser } from "./await-browser.ts";
import type { BrowserFolder } from "./browser-folders.ts";
import { type BrowserSecrets, readBrowserRecord, writeBrowserRecord } from "./browser-record.ts";
import type { BrowserGround, BrowserRequest } from "./browser-request.ts";
import type { BrowserDoorsRequest } from "./doors/browser-doors.ts";
import { handOverSecrets, makeBrowserSecrets } from "./hand-over-secrets.ts";
import { closeDoors, openDoors, type UsableDoors } from "./keep-doors.ts";
import { hasWebProxy } from "./plan-browser.ts";
import type { PreparedBrowser } from "./prepare-browser.ts";
import { loadWebPolicy } from "./web-proxy/load-web-policy.ts";

/** One run of a browser that answers. */
export interface BrowserRun {
  readonly secrets: BrowserSecrets;
  readonly doors: UsableDoors;
}

/**
 * Gives a container that has just been started its secrets, opens its doors, and waits until it answers there. What is
 * on record before a step lets the next caller go on where a killed one stopped.
 */
export async function startRun(
  request: BrowserRequest,
  { places, plan }: PreparedBrowser,
  { id: containerId, runningSince }: Pick<EnsuredContainer, "id" | "runningSince">,
  ground: BrowserGround,
): Promise<BrowserRun> {
  const { config, signal } = request;
  const { engine } = ground;
  const { recordsDir } = places;
  const before = readBrowserRecord(recordsDir);
  const isHalfStarted = before?.containerId === containerId && before.runningSince === null;
  const secrets = isHalfStarted
    ? before.secrets
    : makeBrowserSecrets({ hasScreen: !config.browser.headless.value });
  // It has taken secrets that nobody knows any more, and takes no others while it runs.
  if (runningSince !== null && !isHalfStarted) await engine.execs.restart(containerId);
  writeBrowserRecord(recordsDir, { containerId, runningSince: null, secrets, doors: null });
  const details = await engine.sandboxes.inspect(containerId, signal);
  if (details === null) throw containerGone(containerId, "give a browser its secrets");
  const run = { containerId, runningSince: details.startedAt };
  const asked = doorsRequest(request, places, secrets, ground);
  // The way to the web first: the browser may look for it as soon as it runs.
  const doors = await openDoors(ground, recordsDir, run, asked);
  try {
    await handOverSecrets(engine, containerId, secrets, signal).catch(unlessEnded);
    await awaitBrowser({
      ...{ engine, name: plan.name, containerId, cdpUrl: doors.cdpUrl, secrets, signal },
      timeoutMs: config.browser.autoStartTimeoutMs.value,
    });
  } catch (error) {
    await closeDoors(ground, recordsDir);
    throw error;
  }
  writeBrowserRecord(recordsDir, { ...run, secrets, doors: doors.recorded });
  return { secrets, doors };
}

/** Whoever waits for its answer then tells why. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof SkillcrateError) || error.code !== "CONTAINER_GONE") throw error;
}

/** What is opened on this machine for a browser. */
export function doorsRequest(
  { config, web }: BrowserRequest,
  { doorsDir, webDir }: BrowserFolder,
  { vncPassword, linkSecret }: BrowserSecrets,
  { onEvent, stateDir }: BrowserGround,
): BrowserDoorsRequest {
  return {
    target: { kind: "sockets", folder: doorsDir },
    screen:
      vncPassword === null ? null : { vncPassword, noVnc: config.browser.enableNoVnc.value, linkSecret },
    web: hasWebProxy(config) ? { folder: webDir, policy: web ?? loadWebPolicy(stateDir) } : null,
    ...(onEvent === undefined ? {} : { onEvent }),
  };
}
