import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { formatCount } from "../../report/format-count.ts";
import { formatSandboxes } from "../../report/format-sandboxes.ts";
import { type RecreatedSandbox, recreateSandboxes } from "../../sandbox/life/recreate-sandboxes.ts";
import type { SandboxSelection } from "../../sandbox/life/select-sandboxes.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import type { OptionValues } from "../option.ts";
import { plannedHash } from "../planned-hash.ts";
import { readGatewayDocument } from "../read-gateway-document.ts";
import type { sandboxRecreateOptions } from "../sandbox-options.ts";

/** Removes containers that are to be made anew. */
export async function sandboxRecreate(
  context: CommandContext<typeof sandboxRecreateOptions>,
): Promise<CommandOutput> {
  const { options, signal } = context;
  const selection = readSelection(options);
  const gateway = await connectSandboxes(context, options.workspaceRoot);
  const { mismatched, browser: browserOnly, force } = options;
  const request = {
    ...{ ...gateway, selection, mismatched, browserOnly, force, signal },
    ...(mismatched ? { plannedHash: plannedHash(gateway, readGatewayDocument(context), signal) } : {}),
  };
  const { removed, kept } = await recreateSandboxes(request);
  const what = (sandbox: RecreatedSandbox) =>
    kept.includes(sandbox) ? "kept: in use" : `removed${reasons[sandbox.mismatch ?? "none"]}`;
  const count = `${formatCount(removed.length, "container")} removed; the next use makes them anew`;
  return {
    outcome: kept.length > 0 ? "partial" : "ok",
    diagnostics: [],
    result: { removed, kept },
    text: (style) =>
      removed.length + kept.length === 0
        ? count
        : `${formatSandboxes([...removed, ...kept], style, what)}\n${count}`,
  };
}

const reasons = { image: ": its image is another now", plan: ": its settings are others now", none: "" };

function readSelection(options: OptionValues<typeof sandboxRecreateOptions>): SandboxSelection {
  const { all, session, agent, shared, mismatched, browser } = options;
  const named: SandboxSelection[] = [
    ...(all ? [{ kind: "all" } as const] : []),
    ...(session === null ? [] : [{ kind: "session", session } as const]),
    ...(agent === null ? [] : [{ kind: "agent", agent } as const]),
    ...(shared ? [{ kind: "shared" } as const] : []),
  ];
  const [first = mismatched || browser ? ({ kind: "all" } as const) : undefined] = named;
  if (first !== undefined && named.length <= 1) return first;
  throw new SkillcrateError(
    "USAGE",
    named.length > 1 ? "The sandboxes were named in more than one way." : "No sandbox was named.",
    { hint: "Add one of: --session KEY, --agent ID, --shared, --all, --mismatched" },
  );
}
