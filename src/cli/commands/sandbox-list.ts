import { escapeText } from "../../diagnostic/quote-value.ts";
import { formatSandboxes } from "../../report/format-sandboxes.ts";
import { listSandboxes } from "../../sandbox/life/list-sandboxes.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import type { sandboxListOptions } from "../sandbox-options.ts";

/** A row for each sandbox. */
export async function sandboxList(
  context: CommandContext<typeof sandboxListOptions>,
): Promise<CommandOutput> {
  const gateway = await connectSandboxes(context, context.options.workspaceRoot);
  const sandboxes = await listSandboxes({ ...gateway, signal: context.signal });
  const { workspaceRoot } = gateway;
  return {
    outcome: "ok",
    diagnostics: [],
    result: { workspaceRoot, sandboxes },
    text: (style) =>
      sandboxes.length === 0
        ? `There are no sandboxes of ${escapeText(workspaceRoot)}.`
        : formatSandboxes(sandboxes, style),
  };
}
