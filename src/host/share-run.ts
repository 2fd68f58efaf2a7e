import { throwIfCancelled } from "./throw-if-cancelled.ts";

/** A task that one or several callers wait for. */
export interface SharedRun<Result> {
  readonly result: Promise<Result>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Runs `task` once for all who ask for the same key while it runs. A caller whose signal is aborted gets `CANCELLED` at
 * once; the task is stopped when nobody waits for it any more.
 */
export async function shareRun<Result>(
  runs: Map<string, SharedRun<Result>>,
  key: string,
  task: (signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  throwIfCancelled(signal);
  const run = runs.get(key) ?? startRun(runs, key, task);
  run.waiting += 1;
  try {
    return await untilAborted(run.result, signal);
  } finally {
    run.waiting -= 1;
    if (run.waiting === 0 && forget(runs, key, run)) run.controller.abort(signal?.reason);
  }
}

function startRun<Result>(
  runs: Map<string, SharedRun<Result>>,
  key: string,
  task: (signal: AbortSignal) => Promise<Result>,
): SharedRun<Result> {
  const controller = new AbortController();
  const result = task(controller.signal).finally(() => forget(runs, key, run));
  const run: SharedRun<Result> = { result, controller, waiting: 0 };
  // Those who were cancelled do not hear of it.
  result.catch(() => undefined);
  runs.set(key, run);
  return run;
}

/** Whoever asks from now on must not get what has ended, or is being stopped. False: that was said before. */
function forget<Result>(runs: Map<string, SharedRun<Result>>, key: string, run: SharedRun<Result>): boolean {
  return runs.get(key) === run && runs.delete(key);
}

async function untilAborted<Result>(
  result: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return result;
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([result, aborted]);
    throwIfCancelled(signal);
    return await result;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
