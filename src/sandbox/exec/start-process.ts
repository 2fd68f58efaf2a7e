import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { OutputChunk } from "../../engine/port/split-frames.ts";
import type { SandboxProcessesOptions } from "./create-sandbox-processes.ts";
import { endCommand, tryWarden } from "./end-command.ts";
import { createOutputLog, type LogSlice } from "./output-log.ts";
import { redactChunks } from "./redact-chunks.ts";
import type { SandboxExecRequest } from "./sandbox-exec.ts";
import type { SandboxProcess } from "./sandbox-process.ts";
import { secretValues } from "./secret-values.ts";
import { signalName } from "./signal-name.ts";
import { newMark, type StartedCommand, startCommand } from "./start-command.ts";
import { type FailureCause, tellCause, watchForDiskFull } from "./tell-cause.ts";
import { waitForExit } from "./wait-for-exit.ts";

/** Fields as those of `execInSandbox`. */
export type StartRequest = Pick<
  SandboxExecRequest,
  "containerId" | "command" | "workdir" | "user" | "environment" | "tty" | "lastResort"
> & {
  /** Whether its standard input stays open to be written to; else it is at its end. */
  readonly stdin?: boolean;
};

export interface RunningProcess {
  describe(): SandboxProcess;
  /** Fulfilled once it has ended or is lost. */
  readonly ended: Promise<void>;
  read(since: number, maxBytes: number): Promise<LogSlice>;
  write(bytes: string | Uint8Array, end: boolean): Promise<void>;
  end(graceMs: number): Promise<void>;
  /** Closes what is open for it. */
  forget(): void;
}

/** Starts a process whose output is read and kept from then on, whether or not anybody asks for it. */
export async function startProcess(
  options: SandboxProcessesOptions,
  id: string,
  request: StartRequest,
  signal?: AbortSignal,
): Promise<RunningProcess> {
  const { engine, wardens } = options;
  const { containerId, user } = request;
  const { folder, fileBytes = defaultFileBytes, memoryBytes = defaultMemoryBytes } = options;
  // Before the command: it may leave no process to start a warden with.
  await wardens.of(containerId, user);
  const log = createOutputLog({ folder, fileBytes, memoryBytes });
  const env = request.environment?.env ?? {};
  const mark = newMark();
  const spec = { ...request, env, stdin: request.stdin ?? false, tty: request.tty };
  const command = await startCommand(engine, spec, mark, signal).catch((error: unknown) => {
    log.close();
    throw error;
  });
  let state: Outcome = { state: "running", exitCode: null, cause: null, endedMs: null };
  const startedMs = Date.now();
  const ended = follow(options, request, command, (bytes) => log.append(bytes)).then((outcome) => {
    state = outcome;
    command.exec.close();
  });
  const end = async (graceMs: number) => {
    if (state.state !== "running") return;
    const target = { pid: command.pid, mark };
    if (graceMs > 0 && (await tryWarden({ wardens, containerId, user, target }, "TERM"))) {
      await Promise.race([ended, delay(graceMs, undefined, { ref: false })]);
    }
    if (state.state !== "running") return;
    const { lastResort = "restart" } = request;
    await endCommand({ engine, containerId, user, wardens, target, execId: command.exec.id, lastResort });
    // What has left the process may hold its output open for ever.
    await Promise.race([ended, delay(drainMs, undefined, { ref: false })]);
    command.exec.close();
    await ended;
  };
  return {
    describe: () => ({
      id,
      containerId,
      command: request.command,
      startedMs,
      ...state,
      signal: signalName(state.exitCode),
      outputBytes: log.sizeBytes,
    }),
    ended,
    read: log.read,
    write: (bytes, end) => writeInput(command, bytes, end),
    end,
    forget: () => {
      command.exec.close();
      log.close();
    },
  };
}

type Outcome = Pick<SandboxProcess, "state" | "exitCode" | "cause" | "endedMs">;

/** Until it has ended; never rejected. */
async function follow(
  { engine, wardens }: SandboxProcessesOptions,
  { containerId, user, tty, environment }: StartRequest,
  { exec, output, refusals }: StartedCommand,
  append: (bytes: Uint8Array) => Promise<void>,
): Promise<Outcome> {
  const diskFull = watchForDiskFull();
  const look = ({ stream, bytes }: OutputChunk) => {
    if (stream === "stderr" || tty !== undefined) diskFull.look(bytes);
  };
  try {
    for await (const chunk of redactChunks(output, secretValues(environment))) {
      look(chunk);
      await append(chunk.bytes);
    }
  } catch (error) {
    // `CANCELLED` where it was ended and something else keeps its output open; else the engine's failures.
    if (!(error instanceof SkillcrateError)) throw error;
  }
  let cause: FailureCause | null = null;
  try {
    const exitCode = await waitForExit(engine, exec.id);
    if (exitCode !== 0) {
      const warden = await wardens.of(containerId, user);
      cause = tellCause(refusals, await warden.refusals(), diskFull.seen);
    }
    return { state: "ended", exitCode, cause, endedMs: Date.now() };
  } catch (error) {
    if (!(error instanceof SkillcrateError)) throw error;
    return { state: "lost", exitCode: null, cause, endedMs: Date.now() };
  }
}

async function writeInput({ exec }: StartedCommand, bytes: string | Uint8Array, end: boolean): Promise<void> {
  const { stdin } = exec;
  if (stdin === null || !stdin.writable) {
    throw new SkillcrateError("INPUT_INVALID", "the process does not read: its standard input is closed", {
      hint: "Start it with an open standard input, and write while it runs.",
    });
  }
  if (!stdin.write(bytes)) await Promise.race([once(stdin, "drain"), once(stdin, "close")]);
  if (end) stdin.end();
}

const defaultFileBytes = 16 * 1024 * 1024;
const defaultMemoryBytes = 256 * 1024;
const drainMs = 1000;
