import { formatCommand } from "../../report/format-command.ts";
import { formatSecrets } from "../../report/format-secrets.ts";
import { scopeFolder } from "../../sandbox/scope-folder.ts";
import { planSecrets, type SecretLine } from "../../sandbox/secrets/plan-secrets.ts";
import { readSecretFile } from "../../sandbox/secrets/secret-file.ts";
import { secretRules } from "../../sandbox/secrets/secret-rules.ts";
import { defaultStateDir } from "../../source/default-state-dir.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { secretListOptions } from "../command-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";
import { requireScope, scopeWords } from "../read-scope.ts";
import { readScopeSkills } from "../read-scope-skills.ts";

/** Tells of every name whether the scope's sandbox gets it, from where, for which skills, and why not. */
export async function secretList(context: CommandContext<typeof secretListOptions>): Promise<CommandOutput> {
  const { options, env, homeDir } = context;
  const scope = requireScope(options);
  const sandboxes = locateSandboxes(context, options.workspaceRoot);
  const folder = scopeFolder(sandboxes.workspaceRoot, scope);
  const file = readSecretFile(folder);
  context.hide(file.values.values());
  const [forAll, forScope, skills] = await Promise.all([
    secretRules(defaultStateDir(env, homeDir)).read(),
    secretRules(folder.recordsDir).read(),
    readScopeSkills(scope, sandboxes, context),
  ]);
  const plan = planSecrets({
    skills: skills.skills,
    stored: file.values,
    config: sandboxes.config,
    gatewayEnv: env,
    rules: [...forAll.value.rules, ...forScope.value.rules],
  });
  context.hide(plan.values.values());
  const rows = plan.lines.map((line) => ({ ...line, remedy: remedyOf(line, scopeWords(scope)) }));
  return {
    outcome: file.diagnostics.some(({ severity }) => severity === "error") ? "partial" : "ok",
    diagnostics: [
      ...skills.diagnostics,
      ...file.diagnostics,
      ...forAll.diagnostics,
      ...forScope.diagnostics,
      ...plan.diagnostics,
    ],
    result: { scope, file: file.exists ? folder.envFile : null, secrets: rows },
    text: (style) => formatSecrets(rows, style),
  };
}

function remedyOf({ remedy }: SecretLine, scope: readonly string[]): string | null {
  return remedy === null ? null : formatCommand(["skillcrate", "secret", ...remedy, ...scope]);
}
