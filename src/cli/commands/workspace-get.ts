import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { escapeText } from "../../diagnostic/quote-value.ts";
import { formatBytes } from "../../report/format-bytes.ts";
import { formatCount } from "../../report/format-count.ts";
import { copyFromWorkspace } from "../../sandbox/workspace/copy-from-workspace.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { locateWorkspace } from "../locate-workspace.ts";
import type { workspaceGetOptions } from "../workspace-options.ts";

/** Copies a file or folder out of a workspace. */
export async function workspaceGet(
  context: CommandContext<typeof workspaceGetOptions>,
): Promise<CommandOutput> {
  const { args, options, cwd, signal } = context;
  const [path = "", written] = args;
  const { scope, mounts } = locateWorkspace(context);
  const { diagnostics, ...copied } = await copyFromWorkspace({
    mounts,
    path,
    links: options.follow ? "inside" : "refuse",
    destination: destinationOf(path, resolve(cwd, written ?? ".")),
    overwrite: options.force,
    signal,
  });
  return {
    outcome: diagnostics.length > 0 ? "partial" : "ok",
    diagnostics,
    result: { scope, ...copied },
    text: () =>
      `${escapeText(copied.destination)}: ${formatCount(copied.files, "file")}, ${formatBytes(copied.bytes)}`,
  };
}

/** As `cp` does: into a folder that is there, under its own name. */
function destinationOf(path: string, written: string): string {
  return statSync(written, { throwIfNoEntry: false })?.isDirectory() === true
    ? join(written, basename(path) || "workspace")
    : written;
}
