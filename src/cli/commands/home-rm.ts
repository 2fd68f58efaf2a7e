import { removeHome } from "../../sandbox/home/remove-home.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { homeRemoveOptions } from "../command-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";

/** Removes one home. */
export async function homeRemove(context: CommandContext<typeof homeRemoveOptions>): Promise<CommandOutput> {
  const { args, options, signal } = context;
  const { workspaceRoot } = locateSandboxes(context, options.workspaceRoot);
  const result = await removeHome({ workspaceRoot, name: args[0] ?? "", force: options.force, signal });
  return {
    outcome: "ok",
    diagnostics: [],
    result,
    text: (style) =>
      result.removed
        ? `${style.green("✓")} the home ${result.slug} is removed`
        : `${style.dim("–")} ${result.slug} has no home`,
  };
}
