import { quoteValue } from "../../diagnostic/quote-value.ts";
import { scopeFolder } from "../../sandbox/scope-folder.ts";
import { changeSecretFile } from "../../sandbox/secrets/secret-file.ts";
import { environmentNamePattern } from "../../skill/name-grammars.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { secretRemoveOptions } from "../command-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";
import { requireScope } from "../read-scope.ts";
import { invalidSecret } from "../require-secret-name.ts";

/** Removes secrets of a scope; what is not there is said, and no failure. */
export async function secretRemove(
  context: CommandContext<typeof secretRemoveOptions>,
): Promise<CommandOutput> {
  const { args, options, signal } = context;
  const names = [...new Set(args)];
  // Any name may be removed, those that are never given included.
  if (!names.every((name) => environmentNamePattern.test(name))) {
    throw invalidSecret("Not all of these are names of environment variables.");
  }
  const scope = requireScope(context);
  const { workspaceRoot } = locateSandboxes(context, options.workspaceRoot, scope);
  const folder = scopeFolder(workspaceRoot, scope);
  const changes = new Map(names.map((name) => [name, null]));
  const { removed, diagnostics } = await changeSecretFile(workspaceRoot, folder, changes, { signal });
  const absent = names.filter((name) => !removed.includes(name));
  return {
    outcome: "ok",
    diagnostics,
    result: { scope, file: folder.envFile, removed, absent },
    text: (style) =>
      [
        ...removed.map((name) => `${style.green("✓")} ${name} is removed from ${quoteValue(folder.envFile)}`),
        ...absent.map((name) => `${style.dim("–")} ${name} was not there`),
      ].join("\n"),
  };
}
