import { formatCount } from "../../report/format-count.ts";
import { formatSandboxes } from "../../report/format-sandboxes.ts";
import { type PrunedSandbox, pruneSandboxes } from "../../sandbox/life/prune-sandboxes.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import type { sandboxPruneOptions } from "../sandbox-options.ts";

/** Removes containers that are due by their own settings. */
export async function sandboxPrune(
  context: CommandContext<typeof sandboxPruneOptions>,
): Promise<CommandOutput> {
  const { dryRun, workspaceRoot } = context.options;
  const gateway = await connectSandboxes(context, workspaceRoot);
  const { removed, kept } = await pruneSandboxes({ ...gateway, dryRun, signal: context.signal });
  const what = (sandbox: PrunedSandbox) =>
    `${kept.includes(sandbox) ? "kept, in use" : dryRun ? "would be removed" : "removed"}: ${sandbox.why === "age" ? "old" : "idle"}`;
  const count = `${formatCount(removed.length, "container")} ${dryRun ? "would be " : ""}removed`;
  return {
    outcome: "ok",
    diagnostics: [],
    result: { dryRun, removed, kept },
    text: (style) =>
      removed.length + kept.length === 0
        ? count
        : `${formatSandboxes([...removed, ...kept], style, what)}\n${count}`,
  };
}
