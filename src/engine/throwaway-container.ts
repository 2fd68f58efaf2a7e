import type { ErrorCode } from "../diagnostic/error-codes.ts";
import { escapeText, quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { cancelled } from "./cancelled.ts";
import type { ContainerSpec, Engine, ExecResult, ExecSpec } from "./engine.ts";
import { runLabel } from "./label/label-names.ts";
import { podmanLimitsHint, saysLimits } from "./port/engine-error.ts";
import { currentRun } from "./run-identity.ts";

/** A container that lives as long as one piece of work in it. */
export interface ThrowawayContainer {
  exec(spec: ExecSpec): Promise<ExecResult>;
}

/** What a throw-away container is, beside the command that keeps it alive. */
export type ThrowawaySpec = Omit<ContainerSpec, "command" | "entrypoint" | "labels">;

/** The limits of a sandbox: what runs here runs there. The folders are those that a sandbox mounts a tmpfs on. */
export const sandboxLimits = {
  readOnlyRoot: true,
  tmpfs: {
    "/tmp": "rw,exec,nosuid,nodev,mode=1777,size=64m",
    "/var/tmp": "rw,exec,nosuid,nodev,mode=1777,size=64m",
    "/run": "rw,exec,nosuid,nodev,mode=1777,size=16m",
  },
  memoryBytes: 1024 ** 3,
  pids: 256,
} as const;

/**
 * Starts a container, lets `work` run commands in it, and removes it whatever happens; its label names this process, so
 * that a later run finds it if this one is killed. Throws `CANCELLED` as soon as the signal comes, and
 * `IMAGE_CANNOT_RUN` where the image has no command that can keep a container alive.
 */
export async function withThrowawayContainer<T>(
  engine: Engine,
  spec: ThrowawaySpec,
  signal: AbortSignal,
  work: (container: ThrowawayContainer) => Promise<T>,
): Promise<T> {
  const refusals: string[] = [];
  for (const { command, trial } of keepAliveCommands) {
    if (signal.aborted) throw cancelled(running);
    // Without the signal: a request that is cut off may still have made its container.
    const id = await engine.containers.create({
      ...spec,
      command,
      entrypoint: [],
      labels: { [runLabel]: currentRun() },
    });
    try {
      const refusal = await raceSignal(tryStart(engine, id, trial), signal);
      if (refusal === null) return await raceSignal(work(commandsIn(engine, id)), signal);
      refusals.push(refusal);
    } finally {
      await engine.containers.remove(id);
    }
  }
  throw cannotRun(spec.image, refusals);
}

const running = "a command ran inside an image";

// An hour is longer than any work here, so that what a killed process leaves behind ends by itself. The trial shows that
// the image has the command: an init process starts well without it.
const keepAliveCommands = [
  { command: ["sleep", "3600"], trial: ["sleep", "0"] },
  { command: ["tail", "-f", "/dev/null"], trial: ["tail", "-c0", "/dev/null"] },
];

/** Null where it runs, else why it does not. */
async function tryStart(engine: Engine, id: string, trial: readonly string[]): Promise<string | null> {
  try {
    await engine.containers.start(id);
    const result = await engine.containers.exec(id, {
      command: trial,
      outputLimitBytes: 4096,
      timeoutMs: 30_000,
    });
    return result.exitCode === 0 ? null : describeTrial(trial, result);
  } catch (error) {
    const expected = error instanceof SkillcrateError && startFailures.includes(error.code);
    if (expected) return error.message;
    throw error;
  }
}

/** An engine that cannot run a command says why where the command's output would be. */
function describeTrial(trial: readonly string[], { exitCode, stdout, stderr }: ExecResult): string {
  const said = `${stdout}\n${stderr}`.trim().split("\n").at(-1) ?? "";
  return `\`${trial.join(" ")}\`: exit code ${exitCode}${said === "" ? "" : `, ${escapeText(said)}`}`;
}

const startFailures: readonly ErrorCode[] = ["CONTAINER_GONE", "ENGINE_REFUSED"];

function commandsIn(engine: Engine, id: string): ThrowawayContainer {
  return { exec: (spec) => engine.containers.exec(id, spec) };
}

/** The work itself ends when its container is removed. */
async function raceSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled(running));
    signal.addEventListener("abort", stop, { once: true });
  });
  // Both lose the race at times, and a loser may still fail: its container is gone then.
  stopped.catch(() => {});
  work.catch(() => {});
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function cannotRun(image: string, refusals: readonly string[]): SkillcrateError {
  const said = refusals.join("; ");
  return new SkillcrateError(
    "IMAGE_CANNOT_RUN",
    `no container of ${quoteValue(image)} can be kept running: ${said}`,
    {
      hint: saysLimits(said)
        ? podmanLimitsHint
        : "The image needs a `sleep` or a `tail` command, and this engine must be able to run its platform.",
    },
  );
}
