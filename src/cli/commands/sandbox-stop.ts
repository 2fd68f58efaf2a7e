import { formatSandboxes } from "../../report/format-sandboxes.ts";
import { stopSandbox } from "../../sandbox/life/stop-sandbox.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import type { sandboxStopOptions } from "../sandbox-options.ts";

/** Stops one sandbox. */
export async function sandboxStop(
  context: CommandContext<typeof sandboxStopOptions>,
): Promise<CommandOutput> {
  const { args, options, signal } = context;
  const gateway = await connectSandboxes(context, options.workspaceRoot);
  const stopped = await stopSandbox({ ...gateway, name: args[0] ?? "", force: options.force, signal });
  return {
    outcome: "ok",
    diagnostics: [],
    result: { stopped },
    text: (style) => formatSandboxes(stopped, style, () => "stopped"),
  };
}
