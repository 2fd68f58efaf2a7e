import { Worker } from "node:worker_threads";
import { errnoOf } from "./file-problem.ts";
import { type PortableError, unpackError } from "./portable-error.ts";
import { throwIfCancelled } from "./throw-if-cancelled.ts";

export interface StartedThread {
  run(name: string, input: unknown, signal: AbortSignal): Promise<unknown>;
  letHelp(name: string, input: unknown): void;
  end(): Promise<void>;
}

/** What a thread is told; it answers a `run` alone. */
export type ThreadRequest =
  | { readonly kind: "run"; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: "help"; readonly name: string; readonly input: unknown }
  | { readonly kind: "abort"; readonly id: number };

/** Its answer, one for each run. */
export type ThreadAnswer =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: PortableError };

/** Starts a thread; `onEnd` is told when it takes no more tasks. */
export function startThread(file: URL, onEnd: (ended: StartedThread) => void): StartedThread {
  const worker = new Worker(file, {
    // Neither the environment of this process nor what it preloads.
    env: {},
    execArgv: [],
    resourceLimits,
  });
  const calls = new Map<number, Call>();
  let lastId = 0;
  let failure: unknown = new Error("The thread was ended before the task was done.");
  let idle: NodeJS.Timeout | undefined;

  worker.on("message", (answer: ThreadAnswer) => {
    const call = calls.get(answer.id);
    if (answer.ok) call?.resolve(answer.result);
    else call?.reject(unpackError(answer.error));
  });
  worker.on("error", (error) => {
    failure = error;
  });
  worker.on("exit", () => {
    onEnd(started);
    for (const { reject } of calls.values()) reject(failure);
  });
  worker.unref();

  async function end(): Promise<void> {
    clearTimeout(idle);
    onEnd(started);
    await worker.terminate();
  }

  /** Only work keeps a process running, and a thread. */
  function begin(id: number): Promise<unknown> {
    clearTimeout(idle);
    worker.ref();
    return new Promise((resolve, reject) => calls.set(id, { resolve, reject }));
  }

  function finish(id: number): void {
    calls.delete(id);
    if (calls.size > 0) return;
    worker.unref();
    idle = setTimeout(end, idleMs).unref();
  }

  const post = (request: ThreadRequest) => worker.postMessage(request);
  const started: StartedThread = {
    run: async (name, input, signal) => {
      throwIfCancelled(signal);
      lastId += 1;
      const id = lastId;
      const abort = () => post({ kind: "abort", id });
      signal.addEventListener("abort", abort);
      try {
        const answered = begin(id);
        post({ kind: "run", id, name, input });
        return await answered;
      } catch (error) {
        // With the caller's own reason, which the thread was not given.
        if (errnoOf(error) === "CANCELLED") throwIfCancelled(signal);
        throw error;
      } finally {
        signal.removeEventListener("abort", abort);
        finish(id);
      }
    },
    letHelp: (name, input) => {
      if (calls.size > 0) return;
      idle?.refresh();
      post({ kind: "help", name, input });
    },
    end,
  };
  return started;
}

interface Call {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A program's memory is worth more than the time of a few more collections. V8 would take 48 MB of young objects, and
 * collects old ones at half the growth where their limit is below 2 GB; a hundredth of it is used.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 3, maxOldGenerationSizeMb: 1024 };
/** Turns of a conversation are closer together. */
const idleMs = 60_000;
