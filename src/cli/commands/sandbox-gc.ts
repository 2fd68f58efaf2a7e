import { escapeText } from "../../diagnostic/quote-value.ts";
import { formatBytes } from "../../report/format-bytes.ts";
import { formatCount } from "../../report/format-count.ts";
import { formatTable } from "../../report/format-table.ts";
import type { Style } from "../../report/style.ts";
import { type CollectedGarbage, collectSandboxGarbage } from "../../sandbox/life/collect-sandbox-garbage.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { configuredImages } from "../configured-images.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import { readGatewayDocument } from "../read-gateway-document.ts";
import type { sandboxGcOptions } from "../sandbox-options.ts";

const defaultDays = 30;
const dayMs = 24 * 60 * 60 * 1000;

/** Removes what nobody can use any more. */
export async function sandboxGc(context: CommandContext<typeof sandboxGcOptions>): Promise<CommandOutput> {
  const { olderThan, dryRun, workspaceRoot } = context.options;
  const gateway = await connectSandboxes(context, workspaceRoot);
  const days = olderThan === null ? defaultDays : Number(olderThan);
  const garbage = await collectSandboxGarbage({
    ...gateway,
    graceMs: days * dayMs,
    configuredImages: configuredImages(readGatewayDocument(context)),
    dryRun,
    signal: context.signal,
  });
  return {
    outcome: "ok",
    diagnostics: [],
    result: { dryRun, days, ...garbage },
    text: (style) => formatGarbage(garbage, dryRun, style),
  };
}

function formatGarbage(garbage: CollectedGarbage, dryRun: boolean, style: Style): string {
  const { containers, networks, workspaces, homes, browsers, generations, images } = garbage;
  const removed = dryRun ? "would be removed" : "removed";
  const keptInUse = "kept: in use";
  const lastUsed = ({ lastUsed }: { readonly lastUsed: string }) => `last used ${lastUsed.slice(0, 10)}`;
  const nameOf = ({ id, tags }: { readonly id: string; readonly tags: readonly string[] }) =>
    tags.join(" ") || id.slice(0, 19);
  const rows = [
    ...containers.removed.map(({ name, why }) => ["container", name, why, removed]),
    ...containers.kept.map(({ name, why }) => ["container", name, why, keptInUse]),
    ...networks.map((name) => ["network", name, "no browser", removed]),
    ...workspaces.removed.map((one) => ["workspace", one.slug, lastUsed(one), removed]),
    ...workspaces.kept.map((one) => ["workspace", one.slug, lastUsed(one), keptInUse]),
    ...homes.removed.map((one) => ["home", one.slug, lastUsed(one), removed]),
    ...homes.kept.map((one) => ["home", one.slug, lastUsed(one), keptInUse]),
    ...browsers.removed.map((one) => ["profile", one.slug, lastUsed(one), removed]),
    ...browsers.kept.map((one) => ["profile", one.slug, lastUsed(one), keptInUse]),
    ...generations.removed.map(({ slug }) => ["generation", slug, "not shown", removed]),
    ...generations.kept.map(({ slug }) => ["generation", slug, "not shown", keptInUse]),
    ...images.removed.map((image) => ["image", nameOf(image), "not configured", removed]),
    ...images.kept.map((image) => ["image", nameOf(image), "not configured", `kept: ${image.reason}`]),
  ];
  const counts = [
    formatCount(containers.removed.length, "container"),
    formatCount(workspaces.removed.length, "workspace"),
    formatCount(homes.removed.length, "home"),
    formatCount(browsers.removed.length, "profile"),
    formatCount(generations.removed.length, "generation"),
    formatCount(images.removed.length, "image"),
  ];
  const freed = images.freedBytes === 0 ? "" : ` (${formatBytes(images.freedBytes)} of images)`;
  const summary = `${counts.join(", ")} ${removed}${freed}`;
  if (rows.length === 0) return summary;
  const columns = [
    { title: "" },
    { title: "name", flexible: true },
    { title: "why" },
    { title: "", flexible: true },
  ];
  const escaped = rows.map((row) => row.map(escapeText));
  return `${formatTable(columns, escaped, style)}\n${summary}`;
}
