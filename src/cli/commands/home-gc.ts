import { formatCount } from "../../report/format-count.ts";
import { type CollectableHome, collectHomes } from "../../sandbox/home/collect-homes.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { homeGcOptions } from "../command-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";

const defaultDays = 30;
const dayMs = 24 * 60 * 60 * 1000;

/** Removes homes that have not been used for a while. */
export async function homeGc(context: CommandContext<typeof homeGcOptions>): Promise<CommandOutput> {
  const { olderThan, dryRun, workspaceRoot: root } = context.options;
  const { workspaceRoot } = locateSandboxes(context, root);
  const days = olderThan === null ? defaultDays : Number(olderThan);
  const { removed, kept } = await collectHomes({
    workspaceRoot,
    graceMs: days * dayMs,
    dryRun,
    signal: context.signal,
  });
  const line = (home: CollectableHome, what: string) =>
    `${home.slug}  last used ${home.lastUsed.slice(0, 10)}  ${what}`;
  return {
    outcome: "ok",
    diagnostics: [],
    result: { dryRun, days, removed, kept },
    text: () =>
      [
        ...removed.map((home) => line(home, dryRun ? "would be removed" : "removed")),
        ...kept.map((home) => line(home, "kept: in use")),
        `${formatCount(removed.length, "home")} ${dryRun ? "would be " : ""}removed (not used for ${formatCount(days, "day")})`,
      ].join("\n"),
  };
}
