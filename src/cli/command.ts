import type { BuildFollower } from "../report/build-follower.ts";
import type { Reported } from "../report/format-diagnostic.ts";
import type { Style } from "../report/style.ts";
import type { OptionSpecs, OptionValues } from "./option.ts";
import type { Pipes } from "./pipes.ts";
import { readOptionValues } from "./read-option-values.ts";
import type { DetachedProgram } from "./start-detached.ts";
import type { Terminal } from "./terminal.ts";

/** How a command ended, in one word; exit codes follow from it and from an error's code. */
export type Outcome = "ok" | "partial" | "refused" | "failed" | "difference" | "cancelled";

/** What a command gives back: the `--json` envelope's content, and the same for people. */
export interface CommandOutput {
  readonly outcome: Outcome;
  readonly diagnostics: readonly Reported[];
  /** Plain JSON; its shape is the command's `@1` format. */
  readonly result: unknown;
  /** The result for people, on stdout. */
  readonly text: (style: Style) => string;
  /** What a person is likely to type next; shown on stderr. */
  readonly next?: string;
  /** Where the outcome alone does not tell the exit code. */
  readonly exitCode?: number;
}

/** Tells the story of a command on stderr while it works. */
export interface Story {
  readonly style: Style;
  /** One line, or several; foreign text in it is already escaped. */
  line(text: string): void;
  /** Shows diagnostics now; they are not shown again at the end. */
  diagnostics(diagnostics: readonly Reported[]): void;
  /** Shows builds while they run; its `end` must be called before anything else is told. */
  followBuilds(): BuildFollower;
}

/** With other arguments; what it prints goes into a new file. */
export type StartDetached = (argv: readonly string[], outputPath: string) => DetachedProgram;

/** The world around a command: what it may know of the process it runs in. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly homeDir: string;
  /** Aborted by Ctrl-C and its like. */
  readonly signal: AbortSignal;
  readonly story: Story;
  /** Null: nobody types at it. */
  readonly terminal: Terminal | null;
  readonly pipes: Pipes;
  /** Whether standard output is for the one document, and for nothing else. */
  readonly asJson: boolean;
  /** Starts this program once more, on its own; absent: it is part of another one. */
  readonly startDetached?: StartDetached;
  /** These secrets are replaced by `[redacted]` in whatever this process prints from now on. */
  hide(values: Iterable<string>): void;
}

export interface CommandContext<O extends OptionSpecs> extends Surroundings {
  readonly args: readonly string[];
  readonly options: OptionValues<O>;
  /** Everything after the command's name, as it was typed: for naming the next command. */
  readonly words: readonly string[];
}

export interface Example {
  readonly command: string;
  readonly meaning: string;
}

interface CommandDetails {
  /** One word, or more where those before are a group's: `home list`, `sandbox browser start`. */
  readonly name: string;
  readonly summary: string;
  /** What help says below the summary. */
  readonly description: string;
  /** As help shows it: `<image>`, `[paths...]`; several are separated by spaces. */
  readonly arguments: string;
  readonly examples: readonly Example[];
}

/** A command line, taken apart and not yet checked. */
export interface CommandLine {
  readonly args: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
  readonly words: readonly string[];
}

/** A command whose options have lost their types: what parsing and help work with. */
export interface AnyCommand extends CommandDetails {
  readonly options: OptionSpecs;
  run(surroundings: Surroundings, line: CommandLine): Promise<CommandOutput>;
}

/** Commands that have the first words of their names in common. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  /** What help says below the summary. */
  readonly description: string;
  readonly commands: CommandTable;
}

export type CommandTable = readonly (AnyCommand | CommandGroup)[];

/** What `format` says in a command's document: `skillcrate/home-list@1`. */
export function formatOf(commandName: string): string {
  return `skillcrate/${commandName.replaceAll(" ", "-")}@1`;
}

/**
 * Ties a command's options to the function that gets their values. `load` imports it only when it is run, so that a
 * command loads nothing that another one needs.
 */
export function defineCommand<O extends OptionSpecs>(
  details: CommandDetails & {
    readonly options: O;
    readonly load: () => Promise<(context: CommandContext<O>) => Promise<CommandOutput>>;
  },
): AnyCommand {
  return {
    ...details,
    async run(surroundings, { args, values, words }) {
      const options = readOptionValues(details.options, values);
      const command = await details.load();
      return command({ ...surroundings, args, options, words });
    },
  };
}
