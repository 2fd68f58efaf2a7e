import { formatCommand } from "../../diagnostic/format-command.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { scopeFolder } from "../../sandbox/scope-folder.ts";
import { scopeWords } from "../../sandbox/scope-words.ts";
import { changeSecretFile } from "../../sandbox/secrets/secret-file.ts";
import { refuseValue } from "../../sandbox/secrets/secret-value.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { secretSetOptions } from "../command-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";
import { requireScope } from "../read-scope.ts";
import { readSecretValue } from "../read-secret-value.ts";
import { invalidSecret, requireSecretName } from "../require-secret-name.ts";

/** Stores one secret of a scope. */
export async function secretSet(context: CommandContext<typeof secretSetOptions>): Promise<CommandOutput> {
  const { options, signal } = context;
  const [name = "", ...program] = context.args;
  if (program.length > 0 && !options.fromCommand) throw valueAsArgument();
  requireSecretName(name);
  const scope = requireScope(context);
  const { workspaceRoot } = locateSandboxes(context, options.workspaceRoot, scope);
  const value = await readSecretValue(name, { ...options, program }, context);
  context.hide([value]);
  const why = refuseValue(name, value);
  if (why !== null) throw invalidSecret(`The value cannot be given to a program: ${why}.`);
  const folder = scopeFolder(workspaceRoot, scope);
  const changed = await changeSecretFile(workspaceRoot, folder, new Map([[name, value]]), { signal });
  return {
    outcome: "ok",
    diagnostics: changed.diagnostics,
    result: { scope, file: folder.envFile, name, replaced: changed.replaced.length > 0 },
    text: (style) => `${style.green("✓")} ${name} is stored in ${quoteValue(folder.envFile)}`,
    next: formatCommand(["skillcrate", "secret", "list", ...scopeWords(scope)]),
  };
}

function valueAsArgument(): SkillcrateError {
  return new SkillcrateError("USAGE", "A value is never an argument, and this one was not stored.", {
    hint:
      "Every user of this machine can read arguments while a program runs, and shells write them to their history. " +
      "If that was the secret, make a new one. Then give it on standard input, or with --from-file, --from-env, " +
      "or --from-command.",
  });
}
