import { randomBytes } from "node:crypto";
import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import type { OpenExec, TerminalSize } from "../../engine/exec/exec-port.ts";
import type { OutputChunk } from "../../engine/port/split-frames.ts";
import { type CommandStart, longestStartLine, parseStart, wrapCommand, wrapEnv } from "./wrap-command.ts";

export interface CommandSpec {
  readonly containerId: string;
  readonly command: readonly string[];
  /** An absolute path inside; left out: the container's own. */
  readonly workdir?: string | undefined;
  /** `uid:gid` or a name; left out: the container's own. */
  readonly user?: string | undefined;
  /** On top of the container's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: boolean;
  /** Gives the command a terminal of this size. */
  readonly tty: TerminalSize | undefined;
}

/** A command that runs: what it is known by, inside and to the engine. */
export interface StartedCommand extends CommandStart {
  readonly mark: string;
  readonly exec: OpenExec;
  /** What it prints itself; see {@link OpenExec.output}. */
  readonly output: AsyncIterable<OutputChunk>;
}

/** Unguessable: 128 bits. */
export function newMark(): string {
  return randomBytes(16).toString("hex");
}

/**
 * Starts a command and waits until it runs. Throws `EXEC_NOT_STARTED` with what the engine or the shell says, and what
 * {@link OpenExec} throws.
 */
export async function startCommand(
  engine: Engine,
  spec: CommandSpec,
  mark: string,
  signal?: AbortSignal,
): Promise<StartedCommand> {
  const exec = await engine.execs.open(
    spec.containerId,
    {
      command: wrapCommand(mark, spec.command, spec.tty),
      env: wrapEnv(mark, spec.env),
      stdin: spec.stdin,
      tty: spec.tty !== undefined,
      ...(spec.user === undefined ? {} : { user: spec.user }),
      ...(spec.workdir === undefined ? {} : { workdir: spec.workdir }),
    },
    signal,
  );
  const close = () => exec.close();
  signal?.addEventListener("abort", close, { once: true });
  try {
    const chunks = exec.output[Symbol.asyncIterator]();
    const { start, early } = await readStart(chunks, mark, spec);
    if (spec.tty !== undefined) await tryResize(engine, exec.id, spec.tty);
    return { ...start, mark, exec, output: continueWith(early, chunks) };
  } catch (error) {
    close();
    throw error;
  } finally {
    signal?.removeEventListener("abort", close);
  }
}

/** For an image without `stty`. A short command may have ended by now. */
async function tryResize(engine: Engine, execId: string, size: TerminalSize): Promise<void> {
  try {
    await engine.execs.resize(execId, size);
  } catch (error) {
    const ended =
      error instanceof SkillcrateError && ["CONTAINER_GONE", "ENGINE_REFUSED"].includes(error.code);
    if (!ended) throw error;
  }
}

interface ReadStart {
  readonly start: CommandStart;
  /** What came with the line or, on the other stream, before it. */
  readonly early: readonly OutputChunk[];
}

async function readStart(
  chunks: AsyncIterator<OutputChunk>,
  mark: string,
  { command }: CommandSpec,
): Promise<ReadStart> {
  const early: OutputChunk[] = [];
  let said = Buffer.alloc(0);
  for (;;) {
    const { done, value } = await chunks.next();
    if (done === true) throw notStarted(command, Buffer.concat([said, ...early.map(({ bytes }) => bytes)]));
    if (value.stream === "stderr") {
      early.push(value);
      continue;
    }
    said = Buffer.concat([said, value.bytes]);
    const end = said.indexOf("\n");
    const start = end < 0 ? null : parseStart(mark, said.toString("latin1", 0, end));
    if (start === null) {
      // An engine that cannot start a command says so in the command's output, over one line or several.
      if (said.length > longestAnswer) throw notStarted(command, said);
      continue;
    }
    const rest = said.subarray(end + 1);
    if (rest.length > 0) early.push({ stream: "stdout", bytes: rest });
    return { start, early };
  }
}

async function* continueWith(
  early: readonly OutputChunk[],
  chunks: AsyncIterator<OutputChunk>,
): AsyncGenerator<OutputChunk> {
  try {
    yield* early;
    for (;;) {
      const { done, value } = await chunks.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    await chunks.return?.();
  }
}

const longestAnswer = 4096 + longestStartLine;

/** Of a command that its shell did not become. */
function notStarted(command: readonly string[], said: Buffer): SkillcrateError {
  const text = said.toString("utf8").trim().slice(0, longestShown);
  const reason = text === "" ? "it ended before it began" : escapeText(text);
  return new SkillcrateError(
    "EXEC_NOT_STARTED",
    `cannot start ${quoteValue(command[0])} in the sandbox: ${reason}`,
    {
      hint:
        hints.find(([pattern]) => pattern.test(text))?.[1] ??
        "See the engine's log: sudo journalctl -u docker -n 50",
    },
  );
}

const longestShown = 500;

const hints: readonly (readonly [RegExp, string])[] = [
  [/chdir|working dir|cwd/i, "The working folder must be there in the sandbox."],
  [
    /resource temporarily unavailable|pthread_create|fork|connection reset by peer/i,
    "The sandbox runs as many processes as it may. End some of them, or recreate it.",
  ],
  [/\/bin\/sh/, "The sandbox's image needs a /bin/sh."],
];
