import { formatSandboxes } from "../../report/format-sandboxes.ts";
import { stopBrowser } from "../../sandbox/browser/stop-browser.ts";
import type { browserStopOptions } from "../browser-options.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { withSessionBrowser } from "../with-session-browser.ts";

/** Stops a session's browser; whoever keeps its doors sees that it has ended. */
export async function sandboxBrowserStop(
  context: CommandContext<typeof browserStopOptions>,
): Promise<CommandOutput> {
  const { options, signal } = context;
  return withSessionBrowser(context, options, async ({ gateway, request }) => {
    const { force } = options;
    const stopped = await stopBrowser({ ...gateway, scope: request.session.scope, force, signal });
    return {
      outcome: "ok",
      diagnostics: [],
      result: { stopped: stopped === null ? [] : [stopped] },
      text: (style) =>
        stopped === null ? "The session has no browser." : formatSandboxes([stopped], style, () => "stopped"),
    };
  });
}
