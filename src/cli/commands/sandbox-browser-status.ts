import { escapeText } from "../../diagnostic/quote-value.ts";
import type { Style } from "../../report/style.ts";
import { type BrowserPage, listPages } from "../../sandbox/browser/browser-pages.ts";
import { type BrowserStatus, readBrowserStatus } from "../../sandbox/browser/read-browser-status.ts";
import type { browserStatusOptions } from "../browser-options.ts";
import { type BrowserResult, browserResult, formatBrowser } from "../browser-result.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { type SessionBrowser, withSessionBrowser } from "../with-session-browser.ts";

/** How a session's browser stands, and what is open in it. */
export async function sandboxBrowserStatus(
  context: CommandContext<typeof browserStatusOptions>,
): Promise<CommandOutput> {
  const { options, signal } = context;
  return withSessionBrowser(context, options, async (session) => {
    const found = await readBrowserStatus({
      ...session.gateway,
      scope: session.request.session.scope,
      signal,
    });
    if (found === null) {
      const text = () => "The session has no browser. Start it: skillcrate sandbox browser start";
      return { outcome: "ok", diagnostics: [], result: { status: null, browser: null, pages: [] }, text };
    }
    const { status } = found;
    if (found.secrets !== null && !options.showSecrets)
      context.hide([found.secrets.cdpToken, found.secrets.vncPassword ?? ""]);
    // Doors that are open: asking for it starts nothing.
    const { browser, pages } =
      status.doors === null ? { browser: null, pages: [] } : await look(session, options.showSecrets);
    return {
      outcome: "ok",
      diagnostics: [],
      result: { status, browser, pages },
      text: (style) => format(status, browser, pages, style),
    };
  });
}

async function look({ manager, request }: SessionBrowser, showSecrets: boolean) {
  const { signal } = request;
  const asked = await manager.ensureBrowser({ ...request, start: false });
  const pages = await listPages(await asked.wsEndpoint(), signal);
  return { browser: await browserResult(asked, showSecrets), pages };
}

function format(
  { container, product, doors, said }: BrowserStatus,
  browser: BrowserResult | null,
  pages: readonly BrowserPage[],
  style: Style,
): string {
  const name = escapeText(container.name);
  if (browser === null || doors === null) {
    const what =
      container.state === "running" ? "runs, and nobody keeps its doors open" : `is ${container.state}`;
    const lines = said.map((line) => style.dim(`  ${escapeText(line)}`));
    return [`${name} ${what}.`, ...lines, "Start it: skillcrate sandbox browser start"].join("\n");
  }
  return [
    formatBrowser(browser, style),
    `  ${escapeText(product ?? "")}, doors kept open by process ${doors.keeperPid}`,
    ...pages.map(
      ({ id, url, title }) => `  page ${escapeText(id)}  ${escapeText(title)}  ${escapeText(url)}`,
    ),
  ].join("\n");
}
