import { Command, CommanderError, Option } from "commander";
import { escapeText } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import {
  type AnyCommand,
  type CommandGroup,
  type CommandLine,
  type CommandTable,
  formatOf,
} from "./command.ts";
import { networkOptions } from "./command-options.ts";
import { findCommand } from "./find-command.ts";
import type { OptionSpec } from "./option.ts";

/** What a command line asks for. */
export type Request =
  | { readonly kind: "run"; readonly command: AnyCommand; readonly line: CommandLine }
  /** Help or the version, asked for. */
  | { readonly kind: "print"; readonly text: string };

export interface ParseSettings {
  readonly version: string;
  /** Columns that help may take. */
  readonly columns: number;
}

/**
 * Reads a command line (without node and script) by the table of commands. Throws `USAGE` for an unknown command or
 * option, naming the near one, and for a missing or superfluous argument.
 */
export function parseArguments(
  argv: readonly string[],
  table: CommandTable,
  settings: ParseSettings,
): Request {
  let request: Request | null = null;
  let printed = "";
  const program = createProgram(settings, (text) => {
    printed += text;
  });
  const add = (parent: Command, command: AnyCommand) => {
    const subcommand = addCommand(parent, command);
    subcommand.action(() => {
      const { json: _, ...values } = subcommand.opts();
      const words = argv.slice(command.name.split(" ").length);
      request = { kind: "run", command, line: { args: subcommand.args, values, words } };
    });
  };
  const addAll = (parent: Command, entries: CommandTable) => {
    for (const entry of entries) {
      if ("commands" in entry) addAll(addGroup(parent, entry), entry.commands);
      else add(parent, entry);
    }
  };
  addAll(program, table);
  try {
    program.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "print", text: printed };
    throw usageError(error, argv, table);
  }
  return request ?? { kind: "print", text: program.helpInformation() };
}

function createProgram(settings: ParseSettings, write: (text: string) => void): Command {
  return new Command("skillcrate")
    .description(
      "Turns folders of agent skills into sandbox images in which every one of those skills works.",
    )
    .version(settings.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureOutput({
      writeOut: write,
      writeErr: () => undefined,
      getOutHelpWidth: () => settings.columns,
      getOutHasColors: () => false,
    })
    .configureHelp({ subcommandTerm })
    .exitOverride()
    .addHelpText("after", `\n${exitCodeHelp}`);
}

function addGroup(parent: Command, { name, summary, description }: CommandGroup): Command {
  return parent
    .command(lastWord(name))
    .summary(summary)
    .description(`${capitalize(summary)}.\n\n${description}`)
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command");
}

function addCommand(parent: Command, spec: AnyCommand): Command {
  const command = parent.command(`${lastWord(spec.name)} ${spec.arguments}`.trim());
  command.summary(spec.summary).description(`${capitalize(spec.summary)}.\n\n${spec.description}`);
  for (const [key, option] of Object.entries(spec.options)) command.addOption(toOption(key, option));
  command.option("--json", `print one JSON document: ${formatOf(spec.name)}`);
  command.helpOption("-h, --help", "print this help");
  const width = Math.max(...spec.examples.map((example) => example.command.length));
  const examples = spec.examples.map((example) => `  ${example.command.padEnd(width)}  ${example.meaning}`);
  return command.addHelpText("after", `\nExamples:\n${examples.join("\n")}`);
}

function lastWord(name: string): string {
  return name.split(" ").at(-1) ?? name;
}

function subcommandTerm(command: Command): string {
  if (command.commands.length > 0) return `${command.name()} <command>`;
  const terms = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...terms].join(" ");
}

function toOption(key: string, spec: OptionSpec<unknown>): Option {
  const option = new Option(spec.flags, spec.summary);
  // Commander reads `--no-…` as the opposite of another option; here it is a name like any other.
  option.negate = false;
  option.attributeName = () => key;
  if (key in networkOptions) option.helpGroup("Network:");
  if (spec.kind === "list") {
    option.argParser((word: string, before: readonly string[] | undefined) => [...(before ?? []), word]);
  }
  return option;
}

/** Commander writes `error: …` and, on a line of its own, `(Did you mean …?)`. */
function usageError(error: CommanderError, argv: readonly string[], table: CommandTable): SkillcrateError {
  const help = helpOf(findCommand(argv, table)?.name ?? "");
  if (argv.length === 0 || error.code === "commander.help") {
    return new SkillcrateError("USAGE", "No command was given.", { hint: help });
  }
  const suggestion = /\n\((Did you mean .*)\)$/s.exec(error.message)?.[1];
  const message = error.message
    .slice(0, suggestion === undefined ? undefined : -suggestion.length - 3)
    // What was given to an option that there is not may be a secret.
    .replace(/'(-[^'=]*)=.*'/s, "'$1=…'");
  return new SkillcrateError("USAGE", sentence(message.replace(/^error: /, "")), {
    hint: escapeText(suggestion ?? help),
  });
}

/** `skillcrate help build`, `skillcrate home help list`. */
function helpOf(commandName: string): string {
  const words = commandName.split(" ").filter((word) => word !== "");
  return ["skillcrate", ...words.slice(0, -1), "help", ...words.slice(-1)].join(" ");
}

/** Whatever was typed stands in it, escaped. */
function sentence(text: string): string {
  return `${capitalize(escapeText(text)).replace(/\.$/, "")}.`;
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

const exitCodeHelp = `Exit codes:
  0 done · 1 refused or failed · 2 wrong usage or bad input · 3 a difference
  69 engine not reachable · 75 try again later · 130, 143 stopped by a signal

Every command takes --json; the result is on stdout, the story on stderr.`;
