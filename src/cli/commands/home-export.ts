import { once } from "node:events";
import { createWriteStream, rmSync, type WriteStream } from "node:fs";
import { resolve } from "node:path";
import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { formatBytes } from "../../report/format-bytes.ts";
import { formatCount } from "../../report/format-count.ts";
import { exportHome, type HomeExport, type LeftOutReason } from "../../sandbox/home/export-home.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { homeExportOptions } from "../command-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";

/** Writes one home as a tar archive; a file that is only half written is removed again. */
export async function homeExport(context: CommandContext<typeof homeExportOptions>): Promise<CommandOutput> {
  const { args, options, cwd, signal } = context;
  if (options.output === null) {
    throw new SkillcrateError("USAGE", "home export needs a file to write.", { hint: "Add --output FILE" });
  }
  const { workspaceRoot } = locateSandboxes(context, options.workspaceRoot);
  const path = resolve(cwd, options.output);
  const output = await openOutput(path);
  try {
    const { withSecrets, withCache } = options;
    const exported = await exportHome({
      workspaceRoot,
      name: args[0] ?? "",
      output,
      withSecrets,
      withCache,
      signal,
    });
    return {
      outcome: "ok",
      diagnostics: [],
      result: { file: path, ...exported },
      text: () => formatExport(exported, path),
    };
  } catch (error) {
    output.destroy();
    rmSync(path, { force: true });
    throw error;
  }
}

/** Only where nothing has the name: an archive of somebody's home is not written through a link or over a file. */
async function openOutput(path: string): Promise<WriteStream> {
  const output = createWriteStream(path, { flags: "wx", mode: 0o600 });
  try {
    await once(output, "open");
    return output;
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    throw new SkillcrateError("OUTPUT_FOREIGN", `There is something at ${quoteValue(path)} already.`, {
      hint: "Choose another --output, or move it away.",
      cause: error,
    });
  }
}

const reasons: Readonly<Record<LeftOutReason, string>> = {
  login: "may hold a login; --with-secrets takes it",
  secret: "holds a secret of this scope; --with-secrets takes it",
  cache: "can be downloaded again; --with-cache takes it",
  special: "is a pipe, a socket or a device",
  unreadable: "cannot be read",
  changing: "was being written",
};

function formatExport({ entries, bytes, leftOut, leftOutCount }: HomeExport, path: string): string {
  const unnamed = leftOutCount - leftOut.length;
  return [
    ...leftOut.map((entry) => `left out: ${escapeText(entry.path)} ${reasons[entry.reason]}`),
    ...(unnamed > 0 ? [`left out: ${unnamed} more`] : []),
    `${escapeText(path)}: ${formatCount(entries, "entry", "entries")}, ${formatBytes(bytes)}`,
  ].join("\n");
}
