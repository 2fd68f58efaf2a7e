import { formatCommand } from "../../diagnostic/format-command.ts";
import { formatSecrets } from "../../report/format-secrets.ts";
import { scopeWords } from "../../sandbox/scope-words.ts";
import type { SecretLine } from "../../sandbox/secrets/plan-secrets.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { secretListOptions } from "../command-options.ts";
import { planScopeSecrets } from "../plan-scope-secrets.ts";
import { requireScope } from "../read-scope.ts";

/** Tells of every name whether the scope's sandbox gets it, from where, for which skills, and why not. */
export async function secretList(context: CommandContext<typeof secretListOptions>): Promise<CommandOutput> {
  const scope = requireScope(context);
  const { lines, file, broken, diagnostics } = await planScopeSecrets(scope, context.options, context);
  const rows = lines.map((line) => ({ ...line, remedy: remedyOf(line, scopeWords(scope)) }));
  return {
    outcome: broken ? "partial" : "ok",
    diagnostics,
    result: { scope, file, secrets: rows },
    text: (style) => formatSecrets(rows, style),
  };
}

function remedyOf({ remedy }: SecretLine, scope: readonly string[]): string | null {
  return remedy === null ? null : formatCommand(["skillcrate", "secret", ...remedy, ...scope]);
}
