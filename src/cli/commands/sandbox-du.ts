import { escapeText } from "../../diagnostic/quote-value.ts";
import { formatBytes } from "../../report/format-bytes.ts";
import { formatTable } from "../../report/format-table.ts";
import type { Style } from "../../report/style.ts";
import { type ImageUsage, measureSandboxImages } from "../../sandbox/life/measure-sandbox-images.ts";
import { measureSandboxes, type SandboxUsage } from "../../sandbox/life/measure-sandboxes.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import type { sandboxListOptions } from "../sandbox-options.ts";

/** A row for each scope with what it takes on the disk, and one for each image that was built here. */
export async function sandboxDu(context: CommandContext<typeof sandboxListOptions>): Promise<CommandOutput> {
  const gateway = await connectSandboxes(context, context.options.workspaceRoot);
  const sandboxes = await measureSandboxes({ ...gateway, signal: context.signal });
  const images = await measureSandboxImages(gateway.engine, context.signal);
  const totalBytes = sandboxes.reduce((sum, sandbox) => sum + sandbox.totalBytes, 0);
  return {
    outcome: "ok",
    diagnostics: [],
    result: { workspaceRoot: gateway.workspaceRoot, totalBytes, sandboxes, images },
    text: (style) =>
      [
        sandboxes.length === 0
          ? `There are no sandboxes in ${escapeText(gateway.workspaceRoot)}.`
          : formatUsage(sandboxes, totalBytes, style),
        ...(images.length === 0 ? [] : [formatImages(images, style)]),
      ].join("\n\n"),
  };
}

function formatUsage(sandboxes: readonly SandboxUsage[], totalBytes: number, style: Style): string {
  const columns = [
    { title: "sandbox", flexible: true },
    { title: "key", flexible: true },
    { title: "container", align: "right" },
    { title: "workspace", align: "right" },
    { title: "home", align: "right" },
    { title: "generations", align: "right" },
    { title: "browser", align: "right" },
    { title: "total", align: "right" },
  ] as const;
  const rows = sandboxes.map(({ slug, scope, totalBytes: all, ...bytes }) => [
    slug,
    scope === null ? "not on record" : escapeText(scope.key),
    formatBytes(bytes.containerBytes),
    formatBytes(bytes.workspaceBytes),
    formatBytes(bytes.homeBytes),
    formatBytes(bytes.generationsBytes),
    formatBytes(bytes.browserBytes),
    formatBytes(all),
  ]);
  return `${formatTable(columns, rows, style)}\n${formatBytes(totalBytes)} in all`;
}

function formatImages(images: readonly ImageUsage[], style: Style): string {
  const columns = [
    { title: "image", flexible: true },
    { title: "containers", align: "right" },
    { title: "size", align: "right" },
  ] as const;
  const rows = images.map(({ id, tags, containers, ownBytes }) => [
    escapeText(tags.join(" ") || id.slice(0, 19)),
    String(containers),
    formatBytes(ownBytes),
  ]);
  const totalBytes = images.reduce((sum, { ownBytes }) => sum + ownBytes, 0);
  return `${formatTable(columns, rows, style)}\n${formatBytes(totalBytes)} of images, whoever uses them`;
}
