import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { OutputChunk, OutputStream } from "../../engine/port/split-frames.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { execInSandbox } from "../../sandbox/exec/exec-in-sandbox.ts";
import type { SandboxExecRequest, SandboxExecResult } from "../../sandbox/exec/sandbox-exec.ts";
import { atTerminal } from "../at-terminal.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { exitCodes } from "../exit-code.ts";
import type { Pipe, Pipes } from "../pipes.ts";
import type { sandboxExecOptions } from "../sandbox-options.ts";
import type { Terminal } from "../terminal.ts";
import { withSessionSandbox } from "../with-session-sandbox.ts";

const defaultSeconds = 60;
/** Of a person, who may go and come back. */
const defaultSecondsAtTerminal = 24 * 60 * 60;

type Context = CommandContext<typeof sandboxExecOptions>;

/** Runs one command in a session's sandbox, with this process's input and outputs; ends with its exit code. */
export async function sandboxExec(context: Context): Promise<CommandOutput> {
  const { args, options, signal, story } = context;
  if (args.length === 0) {
    throw new SkillcrateError("USAGE", "No command was named.", {
      hint: "skillcrate sandbox exec --session KEY -- ls -la",
    });
  }
  const terminal = options.tty ? requireTerminal(context) : null;
  const seconds = terminal === null ? defaultSeconds : defaultSecondsAtTerminal;
  const timeoutMs = (options.timeout === null ? seconds : Number(options.timeout)) * 1000;
  return withSessionSandbox(context, async ({ id, name }, engine, environmentOf) => {
    const environment = await environmentOf(options.secrets);
    const workdir = options.workdir === null ? {} : { workdir: options.workdir };
    const request = { engine, containerId: id, command: args, environment, timeoutMs, signal, ...workdir };
    const result = await run(request, terminal, context);
    if (result === "no reader") return { ...nobodyReads, result: { id, name } };
    if (!context.asJson) for (const line of notesOn(result)) story.line(story.style.dim(line));
    return {
      outcome: result.exitCode === 0 ? "ok" : "failed",
      exitCode: result.exitCode ?? exitCodes.failed,
      diagnostics: [],
      result: { id, name, ...result },
      text: () => "",
    };
  });
}

function requireTerminal({ terminal, asJson }: Context): Terminal {
  if (terminal !== null && !asJson) return terminal;
  throw new SkillcrateError("USAGE", "--tty needs a terminal, and this command has none.", {
    hint: "Leave --tty out: what is piped in is the command's input.",
  });
}

async function run(
  request: SandboxExecRequest,
  terminal: Terminal | null,
  { pipes, asJson }: Context,
): Promise<SandboxExecResult | "no reader"> {
  if (terminal !== null) {
    return await atTerminal(terminal, (stdin, onStarted) => {
      const onOutput = ({ bytes }: OutputChunk) => terminal.write(bytes);
      const tty = terminal.size();
      return execInSandbox({ ...request, tty, stdin, onStarted, onOutput, outputLimitBytes: 0 });
    });
  }
  const withInput = pipes.stdin === null ? request : { ...request, stdin: pipes.stdin };
  if (asJson) return await execInSandbox(withInput);
  try {
    return await execInSandbox({ ...withInput, onOutput: showOn(pipes), outputLimitBytes: 0 });
  } catch (error) {
    if (errnoOf(error) === "EPIPE") return "no reader";
    throw error;
  }
}

/** As a program ends that a signal tells so. */
const nobodyReads = {
  outcome: "failed",
  exitCode: 128 + 13,
  diagnostics: [],
  text: () => "",
} as const;

function showOn({ stdout, stderr }: Pipes): (chunk: OutputChunk) => Promise<void> {
  const shown: Readonly<Record<OutputStream, Pipe["write"]>> = {
    stdout: showSafely(stdout),
    stderr: showSafely(stderr),
  };
  return ({ stream, bytes }) => shown[stream](bytes);
}

/** A sandbox printed it: what a terminal would obey is escaped. */
function showSafely(pipe: Pipe): Pipe["write"] {
  if (!pipe.isTerminal) return pipe.write;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (bytes) => {
    const text = decoder.decode(bytes, { stream: true });
    return pipe.write(
      Buffer.from(
        text
          .split(/(\r?\n|\t)/)
          .map(escapeUnlessLayout)
          .join(""),
      ),
    );
  };
}

function escapeUnlessLayout(piece: string): string {
  return /^(?:\r?\n|\t)$/.test(piece) ? piece : escapeText(piece);
}

/** Nothing where it ended by itself. */
function notesOn({ timedOut, cause }: SandboxExecResult): readonly string[] {
  return [
    ...(timedOut ? ["(ended at its time limit: --timeout)"] : []),
    ...(cause === null ? [] : [`(a limit of the sandbox was reached: ${cause})`]),
  ];
}
