import { escapeText } from "../../diagnostic/quote-value.ts";
import type { Style } from "../../report/style.ts";
import { readSandboxLogs, type SandboxLogs } from "../../sandbox/life/read-sandbox-logs.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import type { sandboxLogsOptions } from "../sandbox-options.ts";

/** Shows what a sandbox's containers have printed. */
export async function sandboxLogs(
  context: CommandContext<typeof sandboxLogsOptions>,
): Promise<CommandOutput> {
  const { args, options, signal } = context;
  const gateway = await connectSandboxes(context, options.workspaceRoot);
  const lines = options.lines === null ? {} : { lines: Number(options.lines) };
  const logs = await readSandboxLogs({ ...gateway, name: args[0] ?? "", ...lines, signal });
  return {
    outcome: "ok",
    diagnostics: [],
    result: { logs },
    text: (style) => logs.map((log) => formatLogs(log, style)).join("\n"),
  };
}

function formatLogs({ name, setup, stdout, stderr }: SandboxLogs, style: Style): string {
  const printed = [...linesOf(stdout), ...linesOf(stderr)];
  return [
    ...(setup === null ? [] : [style.dim(`${escapeText(name)}: setup command`), ...linesOf(setup)]),
    style.dim(`${escapeText(name)}: ${printed.length === 0 ? "nothing printed" : "printed"}`),
    ...printed,
  ].join("\n");
}

/** A sandbox printed them. */
function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n").map(escapeText);
}
