import { resolve } from "node:path";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { formatCommand } from "../../diagnostic/format-command.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { formatCount } from "../../report/format-count.ts";
import { scopeFolder } from "../../sandbox/scope-folder.ts";
import { scopeWords } from "../../sandbox/scope-words.ts";
import { refuseName } from "../../sandbox/secrets/refuse-name.ts";
import { changeSecretFile, readEnvFile, type SecretFile } from "../../sandbox/secrets/secret-file.ts";
import { refuseValue } from "../../sandbox/secrets/secret-value.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { secretImportOptions } from "../command-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";
import { requireScope } from "../read-scope.ts";

/** Stores what a `.env` file holds, but for what no sandbox can be given. */
export async function secretImport(
  context: CommandContext<typeof secretImportOptions>,
): Promise<CommandOutput> {
  const { args, options, cwd, signal } = context;
  const scope = requireScope(context);
  const { workspaceRoot } = locateSandboxes(context, options.workspaceRoot, scope);
  const path = resolve(cwd, args[0] ?? "");
  const file = readEnvFile(path);
  context.hide(file.values.values());
  const refused = refusedEntries(file, path);
  const wanted = [...file.values].filter(([name]) => !refused.has(name));
  const diagnostics = [...file.diagnostics, ...refused.values()];
  if (wanted.length === 0) throw nothingToImport(path, file.exists, diagnostics);
  const folder = scopeFolder(workspaceRoot, scope);
  const changed = await changeSecretFile(workspaceRoot, folder, new Map(wanted), { signal });
  const { added, replaced } = changed;
  const lost = refused.size > 0 || file.diagnostics.some(({ severity }) => severity === "error");
  return {
    outcome: lost ? "partial" : "ok",
    diagnostics: [...diagnostics, ...changed.diagnostics],
    result: { scope, file: folder.envFile, added, replaced, leftOut: [...refused.keys()] },
    text: (style) =>
      `${style.green("✓")} ${formatCount(wanted.length, "secret")} stored in ${quoteValue(folder.envFile)}: ` +
      wanted.map(([name]) => name).join(", "),
    next: formatCommand(["skillcrate", "secret", "list", ...scopeWords(scope)]),
  };
}

/** By name. */
function refusedEntries({ values, lines }: SecretFile, path: string): ReadonlyMap<string, Diagnostic> {
  const refused = new Map<string, Diagnostic>();
  for (const [name, value] of values) {
    const why = refusalOf(name, value);
    if (why === null) continue;
    refused.set(name, {
      code: "SECRET_IMPORT_REFUSED",
      severity: "warning",
      message: `${quoteValue(name)} was left out: ${why}.`,
      hint: "Nothing to do, if no skill needs it.",
      place: { file: path, line: lines.get(name) ?? 1, column: 1 },
    });
  }
  return refused;
}

function refusalOf(name: string, value: string): string | null {
  const refusal = refuseName(name);
  if (refusal?.kind === "never") return `it is never given to a sandbox, since ${refusal.why}`;
  if (value === "") return "it is set to nothing";
  const why = refuseValue(name, value);
  return why === null ? null : `its value cannot be given to a program, since ${why}`;
}

function nothingToImport(path: string, exists: boolean, diagnostics: readonly Diagnostic[]): SkillcrateError {
  return new SkillcrateError(
    "INPUT_INVALID",
    `${quoteValue(path)} ${exists ? "gives no secret" : "is not there"}; nothing was changed.`,
    { hint: "Name a file with lines of the form NAME=value.", diagnostics },
  );
}
