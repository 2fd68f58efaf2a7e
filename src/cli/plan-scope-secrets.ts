import type { Scope } from "../sandbox/scope.ts";
import { type ScopeFolder, scopeFolder } from "../sandbox/scope-folder.ts";
import { planSecrets, type SecretsPlan } from "../sandbox/secrets/plan-secrets.ts";
import { readSecretFile } from "../sandbox/secrets/secret-file.ts";
import { secretRules } from "../sandbox/secrets/secret-rules.ts";
import { defaultStateDir } from "../source/default-state-dir.ts";
import type { Surroundings } from "./command.ts";
import type { secretListOptions } from "./command-options.ts";
import { locateSandboxes } from "./locate-sandboxes.ts";
import type { OptionValues } from "./option.ts";
import { readScopeSkills } from "./read-scope-skills.ts";

export interface ScopeSecrets extends SecretsPlan {
  /** The scope's own file; null: it has none. */
  readonly file: string | null;
  readonly folder: ScopeFolder;
  /** Whether the scope's own file cannot be used whole. */
  readonly broken: boolean;
}

/** Which secrets a scope's sandbox gets. Their values are hidden in everything that is printed from now on. */
export async function planScopeSecrets(
  scope: Scope,
  options: OptionValues<typeof secretListOptions>,
  surroundings: Surroundings,
): Promise<ScopeSecrets> {
  const { env, homeDir, hide } = surroundings;
  const sandboxes = locateSandboxes(surroundings, options.workspaceRoot);
  const folder = scopeFolder(sandboxes.workspaceRoot, scope);
  const file = readSecretFile(folder);
  hide(file.values.values());
  const [forAll, forScope, skills] = await Promise.all([
    secretRules(defaultStateDir(env, homeDir)).read(),
    secretRules(folder.recordsDir).read(),
    readScopeSkills(scope, sandboxes, options, surroundings),
  ]);
  const plan = planSecrets({
    skills: skills.skills,
    stored: file.values,
    config: sandboxes.config,
    gatewayEnv: env,
    rules: [...forAll.value.rules, ...forScope.value.rules],
  });
  hide(plan.values.values());
  return {
    lines: plan.lines,
    values: plan.values,
    file: file.exists ? folder.envFile : null,
    folder,
    broken: file.diagnostics.some(({ severity }) => severity === "error"),
    diagnostics: [
      ...skills.diagnostics,
      ...file.diagnostics,
      ...forAll.diagnostics,
      ...forScope.diagnostics,
      ...plan.diagnostics,
    ],
  };
}
