import type { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { formatDiagnostic, type Reported } from "../report/format-diagnostic.ts";
import { formatJson } from "../report/format-json.ts";
import { createStyle } from "../report/style.ts";
import { type CommandOutput, formatOf, type Outcome, type Story, type Surroundings } from "./command.ts";
import { commandTable } from "./command-table.ts";
import { createStory, type OutputMode, type TextSink } from "./create-story.ts";
import { describeError } from "./describe-error.ts";
import { errorExitCodes, exitCodeOfError, exitCodeOfOutcome, exitCodes } from "./exit-code.ts";
import { findCommand } from "./find-command.ts";
import { createHiddenSecrets, type HiddenSecrets, hidingSink } from "./hide-secrets.ts";
import { parseArguments } from "./parse-arguments.ts";

/** The process as the command line sees it. */
export interface CliProcess extends Omit<Surroundings, "story" | "hide" | "asJson"> {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly version: string;
  /** Rejects with what nothing in this process has caught. */
  readonly crashed: Promise<never>;
}

/** Runs one command line (without node and script), writes its result, and gives the exit code. Never throws. */
export async function runCli(argv: readonly string[], started: CliProcess): Promise<number> {
  const hidden = createHiddenSecrets();
  const cli = { ...started, stderr: hidingSink(started.stderr, hidden) };
  const mode = readOutputMode(argv);
  const story = createStory({ ...cli, ...mode });
  try {
    const request = parseArguments(argv, commandTable, {
      version: cli.version,
      columns: Math.min(cli.stdout.columns ?? 80, 110),
    });
    if (request.kind === "print") {
      cli.stdout.write(`${request.text.trimEnd()}\n`);
      return exitCodes.done;
    }
    const running = request.command.run(
      { ...cli, story, hide: hidden.hide, asJson: mode.json },
      request.line,
    );
    const output = await Promise.race([running, overdue(cli.signal), cli.crashed]);
    story.diagnostics(output.diagnostics);
    writeResult(output, request.command.name, { ...cli, mode, story, hidden });
    return output.exitCode ?? exitCodeOfOutcome(output.outcome, cli.signal);
  } catch (thrown) {
    const error = describeError(thrown, cli.signal);
    if ((cli.env["SKILLCRATE_DEBUG"] ?? "") !== "") story.line(traceOf(error));
    const output = outputOfError(error);
    // In the log of a job whose document went elsewhere, this one line tells why it ended.
    if (mode.json) story.line(formatDiagnostic(toDiagnostic(error), story.style, cli.cwd));
    else story.diagnostics(output.diagnostics);
    writeResult(output, commandName(argv), { ...cli, mode, story, hidden });
    return exitCodeOfError(error.code, cli.signal);
  }
}

/** Rejects when a cancelled command has used up its time to clean up. */
function overdue(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => setTimeout(() => reject(signal.reason), cancelTimeoutMs).unref());
  });
}

/** Less than the two seconds within which a signal must have ended the process. */
const cancelTimeoutMs = 1800;

/** Options of the whole line, wherever they stand before `--`: they hold even where the rest of it is wrong. */
function readOutputMode(argv: readonly string[]): OutputMode {
  const end = argv.indexOf("--");
  const options = end < 0 ? argv : argv.slice(0, end);
  return { json: options.includes("--json"), events: options.includes("--events") };
}

/** The command whose format an error is told in; `cli` where the line names none. */
function commandName(argv: readonly string[]): string {
  return findCommand(argv, commandTable)?.name ?? "cli";
}

interface Printing extends CliProcess {
  readonly mode: OutputMode;
  readonly story: Story;
  readonly hidden: HiddenSecrets;
}

function writeResult(
  output: CommandOutput,
  name: string,
  { mode, story, hidden, stdout, stderr, env }: Printing,
): void {
  if (mode.json) {
    const { outcome } = output;
    const diagnostics = hidden.redactJson(output.diagnostics);
    const result = hidden.redactJson(output.result);
    stdout.write(`${formatJson({ format: formatOf(name), outcome, diagnostics, result }, 2)}\n`);
    return;
  }
  // Where events have stdout, the summary is part of the story.
  const sink = mode.events ? stderr : stdout;
  const text = hidden.redact(output.text(createStyle(sink, env)));
  if (text !== "") sink.write(`${text}\n`);
  if (output.next !== undefined) story.line(story.style.dim(`Next: ${output.next}`));
}

/** An error in the same envelope as everything else: a diagnostic, after those that led to it. */
function outputOfError(error: SkillcrateError): CommandOutput {
  const { code, diagnostics } = error;
  // Where the input itself is at fault, its own diagnostics say all that there is to say.
  const summary = code === "INPUT_INVALID" && diagnostics.some(({ severity }) => severity === "error");
  return {
    outcome: outcomeOfError(error),
    diagnostics: summary ? diagnostics : [...diagnostics, toDiagnostic(error)],
    result: null,
    text: () => "",
  };
}

function toDiagnostic({ code, message, hint }: SkillcrateError): Reported {
  return { code, severity: "error", message, hint };
}

function outcomeOfError({ code }: SkillcrateError): Outcome {
  if (code === "CANCELLED") return "cancelled";
  return errorExitCodes[code] === exitCodes.usage ? "refused" : "failed";
}

function traceOf(error: SkillcrateError): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
