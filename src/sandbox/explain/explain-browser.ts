import { decideBrowserTarget } from "../../config/browser/decide-browser-target.ts";
import type { BrowserConfig } from "../../config/sandbox-config.ts";
import { escapeText } from "../../diagnostic/quote-value.ts";
import { isRunning } from "../../host/process-identity.ts";
import { readBrowserRecord } from "../browser/browser-record.ts";
import { findBrowser } from "../browser/find-browser.ts";
import type { FoundSandbox, GatewaySandboxes } from "../life/find-sandboxes.ts";
import { explainContainer } from "./explain-container.ts";
import type { ExplainRequest } from "./explain-sandbox.ts";
import type { ExplainedContainer, ExplainedDoors, Explanation } from "./explanation.ts";
import { planExisting } from "./plan-existing.ts";

/** Whose browsers the agent of a session may control, by the settings alone, and how its own one stands. */
export async function explainBrowser({
  document,
  session,
  resolved: { config },
  gateway,
  signal,
}: Pick<ExplainRequest, "document" | "session" | "resolved" | "gateway" | "signal">): Promise<
  Explanation["browser"]
> {
  const { browser } = config;
  const { sandboxed } = session;
  const targets = (["sandbox", "host"] as const).map((target) =>
    decideBrowserTarget({ browser, sandboxed, target }),
  );
  const { value: reference, origin } = browser.image;
  const settled = { targets, custom: describeCustom(browser, sandboxed) };
  if (!("engine" in gateway)) return { ...settled, image: { reference, origin, id: null }, ...nothing };
  const [image, found] = await Promise.all([
    gateway.engine.images.inspect(reference, signal),
    findBrowser(gateway, session.scope, signal),
  ]);
  const seen = { ...settled, image: { reference, origin, id: image?.id ?? null } };
  if (found === null) return { ...seen, ...nothing };
  const container = await compare(found, gateway, { document, config, session }, signal);
  return { ...seen, container, doors: container?.state === "running" ? openDoors(found) : null };
}

const nothing = { container: null, doors: null } as const;

/** Null: it has been removed meanwhile. */
async function compare(
  { container: { id } }: FoundSandbox,
  gateway: GatewaySandboxes,
  existing: Omit<Parameters<typeof planExisting>[0], "gateway" | "details">,
  signal: AbortSignal,
): Promise<ExplainedContainer | null> {
  const details = await gateway.engine.sandboxes.inspect(id, signal);
  if (details === null) return null;
  return explainContainer(details, await planExisting({ ...existing, gateway, details }, signal));
}

/** As they are on record. Nobody is asked: whoever has a port by now could be another program. */
function openDoors({ container, recordsDir }: FoundSandbox): ExplainedDoors | null {
  const record = recordsDir === null ? null : readBrowserRecord(recordsDir);
  if (record === null || record.doors === null || record.containerId !== container.id) return null;
  const { keeper, cdpPort, vncPort, viewerPort } = record.doors;
  return isRunning(keeper) === "yes" ? { keeperPid: keeper.pid, cdpPort, vncPort, viewerPort } : null;
}

function describeCustom(browser: BrowserConfig, sandboxed: boolean): string {
  if (!sandboxed) return "every address: the session is not sandboxed.";
  const { allowedControlUrls, allowedControlHosts, allowedControlPorts } = browser;
  const set = [allowedControlUrls, allowedControlHosts, allowedControlPorts].filter(
    ({ value }) => value.length > 0,
  );
  if (set.length === 0) {
    const key = escapeText(allowedControlUrls.origin.key);
    return `no address: no list says which. For one: add it to ${key}`;
  }
  const keys = set.map(({ origin }) => escapeText(origin.key)).join(", ");
  return `addresses that ${keys} ${set.length === 1 ? "has" : "all have"}.`;
}
