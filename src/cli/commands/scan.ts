import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { formatCommand } from "../../diagnostic/format-command.ts";
import { formatSkills } from "../../report/format-skills.ts";
import type { Skill } from "../../skill/skill.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { scanOptions } from "../command-options.ts";
import { readSkills } from "../read-skills.ts";

/** Reads skills and tells what each requires. Ends well whatever state they are in. */
export async function scan(context: CommandContext<typeof scanOptions>): Promise<CommandOutput> {
  const { skills, diagnostics } = await readSkills(context.args, context);
  return {
    outcome: "ok",
    diagnostics: [
      ...diagnostics,
      ...skills.flatMap((skill) => [...skill.diagnostics, ...skill.textFindings]),
    ],
    result: { skills: skills.map(toRow) },
    text: (style) => formatSkills(skills, style, context.cwd),
    next: formatCommand(["skillcrate", "plan", ...context.words]),
  };
}

/** A skill in `skillcrate/scan@1`: every key is always there. */
interface SkillRow extends Omit<Skill, "places" | "primaryEnv"> {
  readonly primaryEnv: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

function toRow({ places: _, primaryEnv, ...skill }: Skill): SkillRow {
  return { ...skill, primaryEnv: primaryEnv ?? null };
}
