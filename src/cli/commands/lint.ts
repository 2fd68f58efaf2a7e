import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { lintGatewayCommands } from "../../infer/gateway/lint-gateway-commands.ts";
import { formatCount } from "../../report/format-count.ts";
import { readSkillFiles } from "../../source/read-skill-files.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { lintOptions } from "../command-options.ts";
import { exitCodes } from "../exit-code.ts";
import { readSkills } from "../read-skills.ts";

/** Says what is wrong with skills before a gateway or a sandbox meets it. */
export async function lint(context: CommandContext<typeof lintOptions>): Promise<CommandOutput> {
  const { args, options, signal } = context;
  const { skills, diagnostics } = await readSkills(args, context);
  const byDir = new Map(skills.map((skill) => [skill.dir, skill]));
  const found = new Map<string, Diagnostic[]>();
  for await (const { dir, files } of readSkillFiles(byDir.keys(), { texts: true, signal })) {
    found.set(dir, [...lintGatewayCommands({ dir }, files)]);
  }
  const rows = skills.map((skill) => ({
    skill: skill.name,
    dir: skill.dir,
    diagnostics: [...skill.diagnostics, ...skill.textFindings, ...(found.get(skill.dir) ?? [])],
  }));
  const all = [...diagnostics, ...rows.flatMap((row) => row.diagnostics)];
  const errors = all.filter(({ severity }) => severity === "error").length;
  const warnings = all.filter(({ severity }) => severity === "warning").length;
  const refused = errors > 0 || (options.strict && warnings > 0);
  return {
    outcome: refused ? "refused" : "ok",
    diagnostics: all,
    result: { skills: rows },
    text: () =>
      `${formatCount(skills.length, "skill")}: ${formatCount(errors, "error")}, ${formatCount(warnings, "warning")}`,
    ...(refused ? { exitCode: exitCodes.usage } : {}),
  };
}
