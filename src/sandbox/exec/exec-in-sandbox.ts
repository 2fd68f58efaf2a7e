import { setTimeout as delay } from "node:timers/promises";
import type { ErrorCode } from "../../diagnostic/error-codes.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { createWardens, type Wardens } from "./create-wardens.ts";
import { endCommand } from "./end-command.ts";
import { feedInput } from "./feed-input.ts";
import type { RefusalCounts } from "./refusal-counts.ts";
import type { SandboxExecRequest, SandboxExecResult } from "./sandbox-exec.ts";
import { signalName } from "./signal-name.ts";
import { newMark, type StartedCommand, startCommand } from "./start-command.ts";
import { createStopSignal, type StopSignal } from "./stop-signal.ts";
import { type OutputTaker, takeOutput } from "./take-output.ts";
import { tellCause } from "./tell-cause.ts";
import { waitForExit } from "./wait-for-exit.ts";

/**
 * Runs one command in a running container to its end. Its output passes with the caller's pace and is kept up to a
 * limit. At the time limit and on the signal the command is killed with all that it started: see {@link endCommand} for
 * what that reaches. Secrets of its environment are in no argument list, no inspect and no output.
 *
 * Throws `CONTAINER_GONE`, `EXEC_NOT_STARTED`, `EXEC_NOT_ENDED`, `CANCELLED` on the signal once the command has ended,
 * what an engine's failures are told by, what `stdin` and `onOutput` throw, and the file system's error where the folder
 * of `spill` cannot be written.
 */
export async function execInSandbox(request: SandboxExecRequest): Promise<SandboxExecResult> {
  throwIfCancelled(request.signal);
  const beginMs = performance.now();
  const stop = createStopSignal(request.timeoutMs, request.signal);
  const wardens = request.wardens ?? createWardens(request.engine);
  const run = { request, stop, wardens, mark: newMark() };
  try {
    // Before the command: it may leave no process to start one with.
    if (request.wardens !== undefined) await wardens.of(request.containerId, request.user);
    const started = await start(run);
    const result = started === null ? neverStarted : await carryOut(run, started);
    if (stop.reason === "caller") throwIfCancelled(stop.signal);
    return { ...result, durationMs: performance.now() - beginMs };
  } finally {
    stop.release();
    if (request.wardens === undefined) wardens.close();
  }
}

interface Run {
  readonly request: SandboxExecRequest;
  readonly stop: StopSignal;
  readonly wardens: Wardens;
  readonly mark: string;
}

type Result = Omit<SandboxExecResult, "durationMs">;

/** Null: it was stopped before it ran. */
async function start(run: Run): Promise<StartedCommand | null> {
  const { request, stop, mark } = run;
  const spec = {
    containerId: request.containerId,
    command: request.command,
    workdir: request.workdir,
    user: request.user,
    env: request.environment?.env ?? {},
    stdin: request.stdin !== undefined,
    tty: request.tty,
  };
  try {
    return await startCommand(request.engine, spec, mark, stop.signal);
  } catch (error) {
    if (!(stop.signal.aborted && error instanceof SkillcrateError && error.code === "CANCELLED")) throw error;
    // The engine may have started it all the same.
    await end(run, null);
    return null;
  }
}

async function carryOut(run: Run, started: StartedCommand): Promise<Result> {
  const { request, stop } = run;
  const { exec } = started;
  const output = takeOutput(request, started.output);
  const exited = output.done.then(() => waitForExit(request.engine, exec.id, stop.signal));
  exited.catch(ignore);
  try {
    request.onStarted?.({ resize: (size) => request.engine.execs.resize(exec.id, size) });
    const exitCode = await Promise.race([exited, stop.stopped, failureOf(feed(request, started))]);
    if (exitCode !== "stopped") return await describe(run, started, output, exitCode);
    const endedBy = await end(run, started);
    await Promise.race([output.done, delay(drainMs, undefined, { ref: false })]);
    const killed = await lastExitCode(run, exec.id);
    return { ...(await describe(run, started, output, killed)), timedOut: true, endedBy };
  } catch (error) {
    if (!isLoss(error)) await end(run, started).catch(ignore);
    throw error;
  } finally {
    exec.close();
    await output.finish();
  }
}

/** Nobody is there who could end the command. */
function isLoss(error: unknown): boolean {
  return error instanceof SkillcrateError && losses.includes(error.code);
}

const losses: readonly ErrorCode[] = ["CONTAINER_GONE", "ENGINE_DOWN", "ENGINE_SILENT"];

/** An error that comes after the one that is told. */
function ignore(): void {}

function feed({ stdin }: SandboxExecRequest, { exec }: StartedCommand): Promise<void> {
  return stdin === undefined || exec.stdin === null ? Promise.resolve() : feedInput(exec.stdin, stdin);
}

/** Rejected when the work is, and never fulfilled: a command may end before its input does. */
function failureOf(work: Promise<void>): Promise<never> {
  return new Promise((_, reject) => {
    work.catch(reject);
  });
}

function end({ request, wardens, mark }: Run, started: StartedCommand | null) {
  return endCommand({
    engine: request.engine,
    containerId: request.containerId,
    user: request.user,
    wardens,
    target: { pid: started?.pid ?? null, mark },
    execId: started?.exec.id ?? null,
    lastResort: request.lastResort ?? "restart",
  });
}

/** Null where the engine has forgotten the command with its container. */
async function lastExitCode({ request }: Run, execId: string): Promise<number | null> {
  try {
    return (await request.engine.execs.inspect(execId)).exitCode;
  } catch (error) {
    if (error instanceof SkillcrateError && error.code === "CONTAINER_GONE") return null;
    throw error;
  }
}

async function describe(
  run: Run,
  started: StartedCommand,
  output: OutputTaker,
  exitCode: number | null,
): Promise<Result> {
  const cause =
    exitCode === 0 ? null : tellCause(started.refusals, await readRefusals(run), output.saidDiskFull());
  const kept = await output.finish();
  return { ...kept, exitCode, signal: signalName(exitCode), timedOut: false, cause, endedBy: null };
}

/** Null where nobody can tell: the cause is then not known, which is no reason to lose the result. */
async function readRefusals({ request, wardens }: Run): Promise<RefusalCounts | null> {
  try {
    const warden = await wardens.of(request.containerId, request.user);
    return await warden.refusals();
  } catch (error) {
    if (error instanceof SkillcrateError) return null;
    throw error;
  }
}

const neverStarted: Result = {
  exitCode: null,
  signal: null,
  stdout: "",
  stderr: "",
  truncated: false,
  spilledTo: null,
  timedOut: true,
  cause: null,
  endedBy: "signal",
};

/** What a killed command has printed is still on its way; what has left it may hold its output open for ever. */
const drainMs = 1000;
