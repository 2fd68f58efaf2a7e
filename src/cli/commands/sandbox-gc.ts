import { escapeText } from "../../diagnostic/quote-value.ts";
import { formatCount } from "../../report/format-count.ts";
import { formatTable } from "../../report/format-table.ts";
import type { Style } from "../../report/style.ts";
import { type CollectedGarbage, collectSandboxGarbage } from "../../sandbox/life/collect-sandbox-garbage.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import type { sandboxGcOptions } from "../sandbox-options.ts";

const defaultDays = 30;
const dayMs = 24 * 60 * 60 * 1000;

/** Removes what nobody can use any more. */
export async function sandboxGc(context: CommandContext<typeof sandboxGcOptions>): Promise<CommandOutput> {
  const { olderThan, dryRun, workspaceRoot } = context.options;
  const gateway = await connectSandboxes(context, workspaceRoot);
  const days = olderThan === null ? defaultDays : Number(olderThan);
  const request = { ...gateway, graceMs: days * dayMs, dryRun, signal: context.signal };
  const garbage = await collectSandboxGarbage(request);
  return {
    outcome: "ok",
    diagnostics: [],
    result: { dryRun, days, ...garbage },
    text: (style) => formatGarbage(garbage, dryRun, style),
  };
}

function formatGarbage(
  { containers, workspaces, homes }: CollectedGarbage,
  dryRun: boolean,
  style: Style,
): string {
  const removed = dryRun ? "would be removed" : "removed";
  const rows = [
    ...containers.removed.map(({ name, why }) => ["container", name, why, removed]),
    ...containers.kept.map(({ name, why }) => ["container", name, why, "kept: in use"]),
    ...[workspaces, homes].flatMap((collected, index) => {
      const kind = index === 0 ? "workspace" : "home";
      const why = (lastUsed: string) => `last used ${lastUsed.slice(0, 10)}`;
      return [
        ...collected.removed.map(({ slug, lastUsed }) => [kind, slug, why(lastUsed), removed]),
        ...collected.kept.map(({ slug, lastUsed }) => [kind, slug, why(lastUsed), "kept: in use"]),
      ];
    }),
  ];
  const counts = [
    formatCount(containers.removed.length, "container"),
    formatCount(workspaces.removed.length, "workspace"),
    formatCount(homes.removed.length, "home"),
  ];
  const summary = `${counts.join(", ")} ${removed}`;
  if (rows.length === 0) return summary;
  const columns = [{ title: "" }, { title: "name", flexible: true }, { title: "why" }, { title: "" }];
  return `${formatTable(
    columns,
    rows.map((row) => row.map(escapeText)),
    style,
  )}\n${summary}`;
}
