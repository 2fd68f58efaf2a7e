import { formatWorkspaceListing } from "../../report/format-workspace.ts";
import { insidePaths } from "../../sandbox/sandbox-mount.ts";
import { listWorkspace } from "../../sandbox/workspace/list-workspace.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { locateWorkspace } from "../locate-workspace.ts";
import type { workspaceListOptions } from "../workspace-options.ts";

/** Lists a folder of a workspace. */
export async function workspaceList(
  context: CommandContext<typeof workspaceListOptions>,
): Promise<CommandOutput> {
  const { args, options, signal } = context;
  const { scope, mounts } = locateWorkspace(context);
  const listing = await listWorkspace({
    mounts,
    path: args[0] ?? insidePaths.workspace,
    links: options.follow ? "inside" : "refuse",
    signal,
  });
  return {
    outcome: "ok",
    diagnostics: [],
    result: { scope, ...listing },
    text: (style) => formatWorkspaceListing(listing, style),
  };
}
