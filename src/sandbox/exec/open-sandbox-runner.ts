import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { createRedactor } from "../secrets/create-redactor.ts";
import type { Wardens } from "./create-wardens.ts";
import { keepOutput } from "./keep-output.ts";
import type { RunnerExit } from "./runner-frames.ts";
import { connectRunner, type RunnerLink } from "./runner-link.ts";
import type { SandboxExecRequest } from "./sandbox-exec.ts";
import { secretValues } from "./secret-values.ts";
import { signalName } from "./signal-name.ts";
import { type FailureCause, tellCause, watchForDiskFull } from "./tell-cause.ts";
import { requireCommand, requireEnv } from "./wrap-command.ts";

/**
 * Runs many small commands in one container, each in a few milliseconds: a program that stays there starts them, so that
 * the engine has no part in it. Each has pipes and a session of its own; what it leaves behind is ended with it.
 */
export interface SandboxRunner {
  /**
   * Throws `RUNNER_LOST` where the runner ended meanwhile (the next command starts another), `EXEC_NOT_STARTED` where
   * the image lacks Perl or the sandbox has no process to spare, and `CANCELLED` once the signal has ended the command.
   */
  run(command: RunnerCommand): Promise<RunnerResult>;
  /** Ends it and all that it runs. */
  close(): void;
}

export interface RunnerCommand {
  readonly command: readonly string[];
  /** Left out: the container's own. */
  readonly workdir?: string;
  /** As for `execInSandbox`; its values are in no argument list. */
  readonly environment?: SandboxExecRequest["environment"];
  /** Up to 8 MiB. */
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs: number;
  /** Of both streams together; 1 MiB if left out. What is beyond is dropped. */
  readonly outputLimitBytes?: number;
  readonly signal?: AbortSignal;
}

export interface RunnerResult {
  /** 128 and the signal's number where a signal ended it. */
  readonly exitCode: number;
  /** Null where it exited by itself, with whatever code. */
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly timedOut: boolean;
  readonly cause: FailureCause | null;
  readonly durationMs: number;
}

export interface RunnerOptions {
  readonly engine: Engine;
  readonly containerId: string;
  /** `uid:gid` or a name; left out: the container's own. */
  readonly user?: string;
  /** How many commands run at once, the rest waits; 4 if left out. */
  readonly maxConcurrent?: number;
  /** To end what a runner leaves behind that was killed. */
  readonly wardens?: Wardens;
}

/** Nothing is started before the first command. */
export function openSandboxRunner(options: RunnerOptions): SandboxRunner {
  const { maxConcurrent = 4 } = options;
  const waiting: (() => void)[] = [];
  let current: Opening | null = null;
  let running = 0;

  const connect = (): Promise<RunnerLink> => {
    if (current?.usable !== true) current = startOpening(options);
    return current.link;
  };
  const takeTurn = async () => {
    if (running >= maxConcurrent) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
  };
  /** Hands the turn to whoever waits longest. */
  const endTurn = () => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };

  return {
    run: async (command) => {
      check(command);
      await takeTurn();
      try {
        throwIfCancelled(command.signal);
        return await runOne(await connect(), command);
      } finally {
        endTurn();
      }
    },
    close: () => {
      current?.link.then(
        (link) => link.close(),
        () => {},
      );
      current = null;
    },
  };
}

interface Opening {
  readonly link: Promise<RunnerLink>;
  /** False once it has failed, or has ended. */
  readonly usable: boolean;
}

function startOpening(options: RunnerOptions): Opening {
  const link = connectRunner(options);
  let isUsable = () => true;
  link.then(
    (open) => {
      isUsable = () => open.alive;
    },
    () => {
      isUsable = () => false;
    },
  );
  return {
    link,
    get usable() {
      return isUsable();
    },
  };
}

function check({ command, environment, stdin = "" }: RunnerCommand): void {
  requireCommand(command);
  requireEnv(environment?.env ?? {});
  if (Buffer.byteLength(stdin) <= longestInput) return;
  throw new SkillcrateError("INPUT_INVALID", `the input of ${quoteValue(command[0])} has over 8 MiB`, {
    hint: "Run it as a command of its own, not through the runner.",
  });
}

async function runOne(link: RunnerLink, command: RunnerCommand): Promise<RunnerResult> {
  const beginMs = performance.now();
  const { environment, outputLimitBytes = defaultLimitBytes, stdin = "", workdir = "" } = command;
  const kept = keepOutput(outputLimitBytes, undefined);
  const diskFull = watchForDiskFull();
  const request = {
    timeoutMs: Math.min(command.timeoutMs, longestTimeMs),
    outputLimitBytes,
    workdir,
    command: command.command,
    env: environment?.env ?? {},
    stdin,
  };
  const exit = await link.run(request, command.signal, (chunk) => {
    if (chunk.stream === "stderr") diskFull.look(chunk.bytes);
    void kept.write(chunk);
  });
  throwIfCancelled(command.signal);
  const { stdout, stderr } = redactAll(kept.finish(), secretValues(environment));
  return {
    exitCode: exit.exitCode,
    signal: exit.signalled ? signalName(exit.exitCode) : null,
    stdout,
    stderr,
    truncated: exit.truncated,
    timedOut: exit.timedOut,
    cause: causeOf(exit, diskFull.seen),
    durationMs: performance.now() - beginMs,
  };
}

function redactAll(output: { stdout: string; stderr: string }, values: readonly string[]) {
  if (values.length === 0) return output;
  const { redact } = createRedactor(values);
  return { stdout: redact(output.stdout), stderr: redact(output.stderr) };
}

function causeOf(exit: RunnerExit, saidDiskFull: boolean): FailureCause | null {
  return exit.exitCode === 0 ? null : tellCause({ outOfMemory: 0, pidsLimit: 0 }, exit, saidDiskFull);
}

const defaultLimitBytes = 1024 * 1024;
const longestInput = 8 * 1024 * 1024;

/** Numbers of the runner have 32 bits. */
const longestTimeMs = 2 ** 32 - 1;
