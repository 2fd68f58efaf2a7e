import { randomBytes } from "node:crypto";
import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { OpenExec } from "../../engine/exec/exec-port.ts";
import type { OutputChunk } from "../../engine/port/split-frames.ts";
import type { RunnerOptions } from "./open-sandbox-runner.ts";
import {
  createFrameReader,
  decodeExit,
  encodeKill,
  encodeRun,
  type RunnerExit,
  type RunnerFrame,
  type RunnerMessage,
  tokenBytes,
} from "./runner-frames.ts";
import { runnerProgram } from "./runner-program.ts";
import { newMark } from "./start-command.ts";

/** A runner's program in a container, while it lives. */
export interface RunnerLink {
  readonly alive: boolean;
  /** Until the command has ended; the signal ends it. Throws `RUNNER_LOST` and `EXEC_NOT_STARTED`. */
  run(
    message: Omit<RunnerMessage, "id">,
    signal: AbortSignal | undefined,
    onOutput: (chunk: OutputChunk) => void,
  ): Promise<RunnerExit>;
  close(): void;
}

interface Pending {
  readonly onOutput: (chunk: OutputChunk) => void;
  readonly resolve: (exit: RunnerExit) => void;
  readonly reject: (error: SkillcrateError) => void;
}

/** Starts the program and waits until it is ready. */
export async function connectRunner(options: RunnerOptions): Promise<RunnerLink> {
  const { engine, containerId, user } = options;
  const token = randomBytes(tokenBytes);
  const mark = newMark();
  const exec = await engine.execs.open(containerId, {
    command: ["/bin/sh", "-c", startScript, runnerProgram, mark],
    stdin: true,
    tty: false,
    idle: true,
    ...(user === undefined ? {} : { user }),
  });
  // Not an argument: those can be read by every program of the sandbox.
  exec.stdin?.write(token);
  const pending = new Map<number, Pending>();
  let alive = true;
  let lastId = 0;

  const ready = new Promise<void>((resolve, reject) => {
    pending.set(0, { onOutput: () => {}, resolve: () => resolve(), reject });
  });
  const obey = (frame: RunnerFrame) => settle(pending, frame);
  void listen(exec, token, obey).then(async (reason) => {
    alive = false;
    exec.close();
    for (const { reject } of pending.values()) reject(lost(reason));
    pending.clear();
    await endLeftovers(options, mark);
  });
  await ready.catch((error: SkillcrateError) => {
    throw new SkillcrateError(
      "EXEC_NOT_STARTED",
      `small commands cannot be run in the sandbox: ${error.message}`,
      {
        hint: "The image needs perl, and the sandbox a process to spare; else run commands one by one.",
        cause: error,
      },
    );
  });

  return {
    get alive() {
      return alive;
    },
    run: (message, signal, onOutput) => {
      lastId += 1;
      const id = lastId;
      const kill = () => void exec.stdin?.write(encodeKill(id));
      const exit = new Promise<RunnerExit>((resolve, reject) => {
        pending.set(id, { onOutput, resolve, reject });
        exec.stdin?.write(encodeRun({ ...message, id }));
        if (!alive) reject(lost("it has ended"));
      });
      signal?.addEventListener("abort", kill, { once: true });
      return exit.finally(() => signal?.removeEventListener("abort", kill));
    },
    close: () => exec.stdin?.end(),
  };
}

/** Throws a RangeError for a frame that the runner would not send. */
function settle(pending: Map<number, Pending>, { type, id, content }: RunnerFrame): void {
  const command = pending.get(id);
  if (command === undefined) throw new RangeError("it speaks of a command that nobody asked for");
  if (type === "O" || type === "E") {
    command.onOutput({ stream: type === "O" ? "stdout" : "stderr", bytes: content });
    return;
  }
  pending.delete(id);
  if (type === "F") command.reject(notStarted(content.toString("utf8")));
  else command.resolve(type === "X" ? decodeExit(content) : readyExit);
}

/** An engine says in its own words, and among the command's output, that there is no such program. */
const startScript =
  'command -v perl >/dev/null || { echo "its image has no perl" >&2; exit 127; }; exec perl -e "$0" "$1"';

/** Hands the frames on, and gives the reason once there are no more. Never throws. */
async function listen(
  exec: OpenExec,
  token: Uint8Array,
  obey: (frame: RunnerFrame) => void,
): Promise<string> {
  const read = createFrameReader(token);
  let said = "";
  try {
    for await (const { stream, bytes } of exec.output) {
      if (stream === "stdout") for (const frame of read(bytes)) obey(frame);
      else said = (said + Buffer.from(bytes).toString("utf8")).slice(-longestWords);
    }
  } catch (error) {
    // A RangeError: something else wrote to its output. Others: the engine's.
    if (!(error instanceof RangeError || error instanceof SkillcrateError)) throw error;
    return error.message;
  }
  return said === "" ? "it has ended" : escapeText(said.trim());
}

/** Of a runner that was killed: what its commands had started. */
async function endLeftovers({ wardens, containerId, user }: RunnerOptions, mark: string): Promise<void> {
  if (wardens === undefined) return;
  try {
    const warden = await wardens.of(containerId, user);
    await warden.signal({ pid: null, mark }, "KILL");
  } catch (error) {
    // The container is gone, and all that ran in it; or nothing can be started there now.
    if (!(error instanceof SkillcrateError)) throw error;
  }
}

function lost(reason: string): SkillcrateError {
  return new SkillcrateError("RUNNER_LOST", `the runner of small commands is gone: ${reason}`, {
    hint: "Run the command again if that does no harm: another runner is started.",
  });
}

function notStarted(reason: string): SkillcrateError {
  return new SkillcrateError(
    "EXEC_NOT_STARTED",
    `the sandbox could not start a command: ${escapeText(reason)}`,
    {
      hint: "It may run no more processes, or has no memory left. End some of them, or recreate it.",
    },
  );
}

const longestWords = 500;
const readyExit: RunnerExit = {
  exitCode: 0,
  signalled: false,
  timedOut: false,
  truncated: false,
  outOfMemory: 0,
  pidsLimit: 0,
};
