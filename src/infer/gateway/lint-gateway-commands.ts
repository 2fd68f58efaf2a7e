import { join } from "node:path/posix";
import { compareText } from "../../diagnostic/compare-text.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { createFindings } from "../../skill/findings.ts";
import type { Skill } from "../../skill/skill.ts";
import { fileKind } from "../file-kind.ts";
import type { SkillFile } from "../inferred.ts";
import { readFile } from "../read-file.ts";
import { adviceFor, gatewayPrograms } from "./gateway-commands.ts";

/** More than anybody reads; the first are told. */
const mostCommands = 50;

/**
 * Where a skill's scripts or texts run the gateway's command line. Inside a sandbox that program is not there, and with it a
 * model would have the operator's powers: each place gets the tool that does the same.
 */
export function lintGatewayCommands(
  skill: Pick<Skill, "dir">,
  files: readonly SkillFile[],
): readonly Diagnostic[] {
  return [...files]
    .sort((left, right) => compareText(left.path, right.path))
    .flatMap((file) => {
      const findings = createFindings(join(skill.dir, file.path), file.text);
      return findCommands(file).map(
        (command): Diagnostic => ({
          code: "LINT_GATEWAY_COMMAND",
          severity: "warning",
          message: `The skill runs ${quoteValue(command.text)}, and a sandbox does not have the gateway's command line.`,
          hint: hintFor(command.subcommand),
          place: findings.placeAt(command.offset),
        }),
      );
    })
    .slice(0, mostCommands);
}

interface GatewayCommand {
  readonly offset: number;
  readonly text: string;
  readonly subcommand: string | null;
}

/** Commands in code, and in the running text of a document between backticks; each place once. */
function findCommands(file: SkillFile): GatewayCommand[] {
  const inCode = readFile(file)
    .mentions.filter(({ kind, name }) => kind === "bin" && gatewayPrograms.has(name))
    .map(({ offset }) => offset);
  const inText =
    fileKind(file.path) === "markdown" ? [...file.text.matchAll(spans)].map(({ index }) => index + 1) : [];
  return [...new Set([...inCode, ...inText])]
    .sort((left, right) => left - right)
    .map((offset) => readCommand(file.text, offset));
}

const spans = /`(?:openclaw|clawdbot|moltbot)(?=[ \t]+[a-z])[^`\n]{0,300}`/g;

/** The command as it is written, to the end of its line, and its first word that is no option. */
function readCommand(text: string, offset: number): GatewayCommand {
  const [written = ""] = /^[^`\n\r]{0,200}/.exec(text.slice(offset, offset + 200)) ?? [];
  const [, subcommand = null] = subcommandPattern.exec(written) ?? [];
  return { offset, text: written.trim(), subcommand };
}

/** Options may stand before it; two of them take a word of their own. */
const subcommandPattern = /^\S+(?:[ \t]+--(?:profile|log-level)[ \t]+\S+|[ \t]+-\S*)*[ \t]+([a-z][a-z-]*)/;

function hintFor(subcommand: string | null): string {
  const advice = adviceFor(subcommand);
  return advice.kind === "tool"
    ? `Let the skill ask for the tool in its place: ${advice.tools}.`
    : "It is the operator's: on the host, by hand. No tool gives a model that power.";
}
