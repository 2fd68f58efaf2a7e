import { setTimeout as delay } from "node:timers/promises";
import { escapeText } from "../../diagnostic/quote-value.ts";
import { browserFolder } from "../../sandbox/browser/browser-folders.ts";
import type { Browser } from "../../sandbox/browser/browser-request.ts";
import { noteContainerUse } from "../../sandbox/container/container-records.ts";
import type { browserServeOptions } from "../browser-options.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { type SessionBrowser, withSessionBrowser } from "../with-session-browser.ts";

/** Keeps a browser's doors open until it ends, or this process is told to. */
export async function sandboxBrowserServe(
  context: CommandContext<typeof browserServeOptions>,
): Promise<CommandOutput> {
  const { options, signal, story } = context;
  return withSessionBrowser(context, options, async (session) => {
    const browser = await session.manager.ensureBrowser(session.request);
    context.hide([browser.cdpToken, browser.vnc?.password ?? ""]);
    const { name, containerId: id, cdpUrl } = browser;
    const isKeeper = browser.connections() !== null;
    story.line(`${escapeText(name)}: ${cdpUrl}${isKeeper ? "" : ", kept open by another process"}`);
    // It is in use while somebody is connected, and not because its doors are open.
    browser.release();
    if (isKeeper) await untilEnded(session, browser, signal);
    const ended = signal.aborted ? "signal" : isKeeper ? "browser ended" : "kept by another process";
    return {
      outcome: "ok",
      diagnostics: [],
      result: { name, id, ended },
      text: () => `${escapeText(name)}: ${ended}`,
    };
  });
}

async function untilEnded(
  { gateway }: SessionBrowser,
  { containerId, connections, folder }: Browser,
  signal: AbortSignal,
): Promise<void> {
  const { recordsDir } = browserFolder(folder);
  while (!signal.aborted) {
    const state = (await gateway.engine.sandboxes.inspect(containerId))?.state;
    if (state !== "running" && state !== "paused") return;
    if ((connections() ?? 0) > 0) noteContainerUse(recordsDir);
    await delay(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Of an engine, with one short question. */
const lookMs = 2000;
