import { formatCommand } from "../../diagnostic/format-command.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { closeFolder } from "../../host/open-folder.ts";
import { openScopeFolder } from "../../sandbox/open-scope-folder.ts";
import type { Scope } from "../../sandbox/scope.ts";
import { scopeFolder } from "../../sandbox/scope-folder.ts";
import { scopeWords } from "../../sandbox/scope-words.ts";
import { secretRules, withRule } from "../../sandbox/secrets/secret-rules.ts";
import { defaultStateDir } from "../../source/default-state-dir.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { secretRuleOptions } from "../command-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";
import { readScope } from "../read-scope.ts";
import { requireSecretName } from "../require-secret-name.ts";

type Context = CommandContext<typeof secretRuleOptions>;

/** Lets a skill have a name that it does not declare. */
export async function secretAllow(context: Context): Promise<CommandOutput> {
  return setRule(context, true);
}

/** Keeps a name from a skill. */
export async function secretDeny(context: Context): Promise<CommandOutput> {
  return setRule(context, false);
}

async function setRule(context: Context, allow: boolean): Promise<CommandOutput> {
  const { args, options, signal } = context;
  const [name = ""] = args;
  requireSecretName(name);
  const { skill } = options;
  if (skill === null) {
    throw new SkillcrateError("USAGE", "No skill was named.", { hint: "Add --skill NAME." });
  }
  const scope = readScope(context);
  const rules = secretRules(scope === null ? stateDirOf(context) : recordsOf(scope, context));
  const { diagnostics } = await rules.change((document) => withRule(document, { name, skill, allow }), {
    signal,
  });
  const where = scope === null ? "in all scopes" : `in ${[scope.kind, quoteValue(scope.key)].join(" ")}`;
  return {
    outcome: "ok",
    diagnostics,
    result: { scope, name, skill, allow, file: rules.path },
    text: (style) =>
      `${style.green("✓")} ${name} is ${allow ? "allowed" : "denied"} to the skill ${quoteValue(skill)} ${where}`,
    ...(scope === null
      ? {}
      : { next: formatCommand(["skillcrate", "secret", "list", ...scopeWords(scope)]) }),
  };
}

function stateDirOf({ env, homeDir }: Context): string {
  return defaultStateDir(env, homeDir);
}

function recordsOf(scope: Scope, context: Context): string {
  const { workspaceRoot } = locateSandboxes(context, context.options.workspaceRoot, scope);
  const folder = scopeFolder(workspaceRoot, scope);
  closeFolder(openScopeFolder(workspaceRoot, folder));
  return folder.recordsDir;
}
