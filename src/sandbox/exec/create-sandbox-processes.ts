import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Wardens } from "./create-wardens.ts";
import type { LogSlice } from "./output-log.ts";
import type { SandboxProcess } from "./sandbox-process.ts";
import { type RunningProcess, type StartRequest, startProcess } from "./start-process.ts";

/**
 * The long-running processes of one manager. Whoever knows a process's id can read it, write to it and end it: callers come
 * and go, the process stays until it ends, is ended, or the manager is closed.
 */
export interface SandboxProcesses {
  /** Throws what `execInSandbox` throws of a start. */
  start(request: StartRequest, signal?: AbortSignal): Promise<SandboxProcess>;
  /** In the order in which they were started; of one container, or of all. */
  list(containerId?: string): readonly SandboxProcess[];
  /** What it printed from an offset on, both streams in the order in which they came. */
  read(id: string, options?: { readonly since?: number; readonly maxBytes?: number }): Promise<LogSlice>;
  /** Writes to its standard input, no faster than it reads; `end` closes that afterwards. */
  write(id: string, bytes: string | Uint8Array, options?: { readonly end?: boolean }): Promise<void>;
  /** `TERM` to all that it started, and `KILL` after a time; gives it as it ended. */
  end(id: string, options?: { readonly graceMs?: number }): Promise<SandboxProcess>;
  /** Until it has ended. The signal ends the waiting alone. */
  wait(id: string, signal?: AbortSignal): Promise<SandboxProcess>;
  /** Kills all that still run, and forgets everything. */
  close(): Promise<void>;
}

export interface SandboxProcessesOptions {
  readonly engine: Engine;
  readonly wardens: Wardens;
  /** Of the host, for the processes' outputs; no sandbox may be able to write to it. */
  readonly folder: string;
  /** How much of each output a file holds; 16 MiB if left out. */
  readonly fileBytes?: number;
  /** How much of each output's end is in memory; 256 KiB if left out. */
  readonly memoryBytes?: number;
  /** How many processes are remembered after their end; 32 if left out. */
  readonly keepEnded?: number;
}

/** All methods that take an id throw `PROCESS_NOT_FOUND`. */
export function createSandboxProcesses(options: SandboxProcessesOptions): SandboxProcesses {
  const { keepEnded = 32 } = options;
  const known = new Map<string, RunningProcess>();

  const find = (id: string): RunningProcess => {
    const found = known.get(id);
    if (found !== undefined) return found;
    throw new SkillcrateError("PROCESS_NOT_FOUND", `no process of a sandbox has the id ${quoteValue(id)}`, {
      hint: "List them: those that ended long ago are forgotten.",
    });
  };
  const forget = (id: string) => {
    known.get(id)?.forget();
    known.delete(id);
  };
  const forgetOldest = () => {
    const ended = [...known].filter(([, process]) => process.describe().state !== "running");
    for (const [id] of ended.slice(0, Math.max(0, ended.length - keepEnded))) forget(id);
  };

  return {
    start: async (request, signal) => {
      const id = randomBytes(8).toString("hex");
      const process = await startProcess(options, id, request, signal);
      known.set(id, process);
      void process.ended.then(forgetOldest);
      return process.describe();
    },
    list: (containerId) =>
      [...known.values()]
        .map((process) => process.describe())
        .filter((process) => containerId === undefined || process.containerId === containerId),
    read: async (id, { since = 0, maxBytes = defaultReadBytes } = {}) => find(id).read(since, maxBytes),
    write: async (id, bytes, { end = false } = {}) => find(id).write(bytes, end),
    end: async (id, { graceMs = defaultGraceMs } = {}) => {
      const process = find(id);
      await process.end(graceMs);
      return process.describe();
    },
    wait: async (id, signal) => {
      const process = find(id);
      signal?.throwIfAborted();
      await (signal === undefined ? process.ended : Promise.race([process.ended, once(signal, "abort")]));
      signal?.throwIfAborted();
      return process.describe();
    },
    close: async () => {
      const running = [...known.values()].filter((process) => process.describe().state === "running");
      await Promise.allSettled(running.map((process) => process.end(0)));
      for (const id of known.keys()) forget(id);
    },
  };
}

const defaultReadBytes = 64 * 1024;
const defaultGraceMs = 3000;
