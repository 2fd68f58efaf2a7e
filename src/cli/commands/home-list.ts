import { escapeText } from "../../diagnostic/quote-value.ts";
import { formatBytes } from "../../report/format-bytes.ts";
import { formatTable } from "../../report/format-table.ts";
import type { Style } from "../../report/style.ts";
import { type HomeSummary, listHomes } from "../../sandbox/home/list-homes.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { homeListOptions } from "../command-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";

/** A row for each home. */
export async function homeList(context: CommandContext<typeof homeListOptions>): Promise<CommandOutput> {
  const { workspaceRoot } = locateSandboxes(context, context.options.workspaceRoot);
  const homes = await listHomes({ workspaceRoot, signal: context.signal });
  return {
    outcome: "ok",
    diagnostics: [],
    result: { workspaceRoot, homes },
    text: (style) => formatHomes(homes, workspaceRoot, style),
  };
}

function formatHomes(homes: readonly HomeSummary[], workspaceRoot: string, style: Style): string {
  if (homes.length === 0) return `There are no homes in ${escapeText(workspaceRoot)}.`;
  const columns = [
    { title: "home", flexible: true },
    { title: "scope" },
    { title: "key", flexible: true },
    { title: "sessions", align: "right" },
    { title: "size", align: "right" },
    { title: "last used" },
    { title: "" },
  ] as const;
  const rows = homes.map(({ slug, scope, sessions, sizeBytes, lastUsed, inUse }) => [
    slug,
    scope?.kind ?? "?",
    scope === null ? "not on record" : escapeText(scope.key),
    String(sessions.length),
    formatBytes(sizeBytes),
    lastUsed?.slice(0, 16).replace("T", " ") ?? "not on record",
    inUse ? "in use" : "",
  ]);
  return formatTable(columns, rows, style);
}
