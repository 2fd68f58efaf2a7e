import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { formatCount } from "../../report/format-count.ts";
import { fitsPool } from "../../sandbox/pool/pool-key.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { openSession } from "../open-session.ts";
import type { sandboxWarmOptions } from "../sandbox-options.ts";

/** Prepares sandboxes for an agent's sessions to come. */
export async function sandboxWarm(
  context: CommandContext<typeof sandboxWarmOptions>,
): Promise<CommandOutput> {
  const { size: written } = context.options;
  const size = written === null ? 1 : Number(written);
  const options = { ...context.options, session: newSession };
  const { manager, request, diagnostics } = await openSession({ ...context, options }, size);
  try {
    if (!fitsPool(request)) throw oneForAll(request.session.scope.kind);
    const made = await manager.fillPool(request);
    const agentId = request.session.agentId;
    return {
      outcome: "ok",
      diagnostics,
      result: { agent: agentId, size, made },
      text: () =>
        `${formatCount(size, "sandbox", "sandboxes")} ready for new sessions of ${escapeText(agentId)}, ${made} of them made now`,
    };
  } finally {
    await manager.close();
  }
}

/** Any but the agent's main one, which may have no sandbox. */
const newSession = "pool";

function oneForAll(kind: string): SkillcrateError {
  return new SkillcrateError(
    "INPUT_INVALID",
    `Sandboxes are made for each ${kind} here, and none is kept ready.`,
    {
      hint: 'They are for sessions with a sandbox of their own: agents.defaults.sandbox.scope: "session"',
    },
  );
}
