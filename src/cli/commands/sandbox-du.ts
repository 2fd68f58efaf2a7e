import { escapeText } from "../../diagnostic/quote-value.ts";
import { formatBytes } from "../../report/format-bytes.ts";
import { formatTable } from "../../report/format-table.ts";
import type { Style } from "../../report/style.ts";
import { measureSandboxes, type SandboxUsage } from "../../sandbox/life/measure-sandboxes.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import type { sandboxListOptions } from "../sandbox-options.ts";

/** A row for each scope with what it takes on the disk. */
export async function sandboxDu(context: CommandContext<typeof sandboxListOptions>): Promise<CommandOutput> {
  const gateway = await connectSandboxes(context, context.options.workspaceRoot);
  const sandboxes = await measureSandboxes({ ...gateway, signal: context.signal });
  const totalBytes = sandboxes.reduce((sum, sandbox) => sum + sandbox.totalBytes, 0);
  return {
    outcome: "ok",
    diagnostics: [],
    result: { workspaceRoot: gateway.workspaceRoot, totalBytes, sandboxes },
    text: (style) =>
      sandboxes.length === 0
        ? `There are no sandboxes in ${escapeText(gateway.workspaceRoot)}.`
        : formatUsage(sandboxes, totalBytes, style),
  };
}

function formatUsage(sandboxes: readonly SandboxUsage[], totalBytes: number, style: Style): string {
  const columns = [
    { title: "sandbox", flexible: true },
    { title: "key", flexible: true },
    { title: "container", align: "right" },
    { title: "workspace", align: "right" },
    { title: "home", align: "right" },
    { title: "total", align: "right" },
  ] as const;
  const rows = sandboxes.map(({ slug, scope, containerBytes, workspaceBytes, homeBytes, totalBytes }) => [
    slug,
    scope === null ? "not on record" : escapeText(scope.key),
    ...[containerBytes, workspaceBytes, homeBytes, totalBytes].map(formatBytes),
  ]);
  return `${formatTable(columns, rows, style)}\n${formatBytes(totalBytes)} in all`;
}
