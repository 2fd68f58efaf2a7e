import { resolve } from "node:path";
import { formatCommand } from "../../diagnostic/format-command.ts";
import { formatStagedMedia } from "../../report/format-workspace.ts";
import { type StagedMedia, stageMedia } from "../../sandbox/workspace/stage-media.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { locateWorkspace } from "../locate-workspace.ts";
import type { workspacePutOptions } from "../workspace-options.ts";

/** Stages each file in the workspace's `media/inbound`; the first that cannot be staged ends it. */
export async function workspacePut(
  context: CommandContext<typeof workspacePutOptions>,
): Promise<CommandOutput> {
  const { args, cwd, signal } = context;
  const { scope, scopeWords, workspaceDir, owner } = locateWorkspace(context);
  const staged: StagedMedia[] = [];
  for (const path of args) {
    staged.push(await stageMedia({ workspaceDir, owner, media: { path: resolve(cwd, path) }, signal }));
  }
  return {
    outcome: "ok",
    diagnostics: [],
    result: { scope, staged },
    text: (style) => formatStagedMedia(staged, style),
    next: formatCommand(["skillcrate", "workspace", "list", "media/inbound", ...scopeWords]),
  };
}
