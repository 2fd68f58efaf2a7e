import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { escapeText } from "../../diagnostic/quote-value.ts";
import { takeScreenshot } from "../../sandbox/browser/browser-pages.ts";
import type { browserScreenshotOptions } from "../browser-options.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { withSessionBrowser } from "../with-session-browser.ts";

/** Writes a picture of what a session's browser shows. */
export async function sandboxBrowserScreenshot(
  context: CommandContext<typeof browserScreenshotOptions>,
): Promise<CommandOutput> {
  const { args, options, cwd, signal } = context;
  const path = resolve(cwd, args[0] ?? "");
  return withSessionBrowser(context, options, async ({ manager, request }) => {
    const browser = await manager.ensureBrowser({ ...request, start: false });
    context.hide([browser.cdpToken, browser.vnc?.password ?? ""]);
    const what = { pageId: options.page, whole: options.whole };
    const png = await takeScreenshot(await browser.wsEndpoint(), what, signal);
    writeFileSync(path, png);
    return {
      outcome: "ok",
      diagnostics: [],
      result: { name: browser.name, path, sizeBytes: png.length },
      text: (style) => `${style.green("✓")} ${escapeText(path)}`,
    };
  });
}
