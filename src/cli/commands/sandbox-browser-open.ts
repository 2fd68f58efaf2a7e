import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { openPage } from "../../sandbox/browser/browser-pages.ts";
import type { browserOpenOptions } from "../browser-options.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { keepBrowser } from "../keep-browser.ts";
import { withSessionBrowser } from "../with-session-browser.ts";

/** Opens a page in a session's browser, which is started where it does not run. */
export async function sandboxBrowserOpen(
  context: CommandContext<typeof browserOpenOptions>,
): Promise<CommandOutput> {
  const { args, options, words, signal } = context;
  const [url = ""] = args;
  if (!URL.canParse(url)) {
    throw new SkillcrateError("USAGE", `${quoteValue(url)} is no address of a page.`, {
      hint: "skillcrate sandbox browser open https://example.com/",
    });
  }
  const forServing = words.filter((word) => word !== url && word !== "--json");
  return withSessionBrowser(context, options, async (session) => {
    const browser = await keepBrowser(context, session, forServing);
    context.hide([browser.cdpToken, browser.vnc?.password ?? ""]);
    const page = await openPage(await browser.wsEndpoint(), url, signal);
    return {
      outcome: "ok",
      diagnostics: [],
      result: { name: browser.name, page },
      text: (style) =>
        `${style.green("✓")} ${escapeText(page.title || page.url)}\n${style.dim(`  page ${escapeText(page.id)} of ${escapeText(browser.name)}`)}`,
    };
  });
}
