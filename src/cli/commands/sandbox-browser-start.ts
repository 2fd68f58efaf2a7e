import type { browserStartOptions } from "../browser-options.ts";
import { browserResult, formatBrowser } from "../browser-result.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { keepBrowser } from "../keep-browser.ts";
import { withSessionBrowser } from "../with-session-browser.ts";

/** Starts a session's browser, and a process that keeps its doors open. */
export async function sandboxBrowserStart(
  context: CommandContext<typeof browserStartOptions>,
): Promise<CommandOutput> {
  const { options, words } = context;
  const forServing = words.filter((word) => word !== "--show-secrets" && word !== "--json");
  return withSessionBrowser(context, options, async (session) => {
    const browser = await keepBrowser(context, session, forServing);
    const result = await browserResult(browser, options.showSecrets);
    if (!options.showSecrets) context.hide([browser.cdpToken, browser.vnc?.password ?? ""]);
    return { outcome: "ok", diagnostics: [], result, text: (style) => formatBrowser(result, style) };
  });
}
