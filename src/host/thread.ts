import { type StartedThread, startThread } from "./start-thread.ts";

/** Functions that may run in another thread: what they take and give is plain data, which is cloned. */
export type ThreadTasks = Readonly<Record<string, (input: never, signal: AbortSignal) => Promise<unknown>>>;

/** Where tasks run. */
export interface Thread<Tasks extends ThreadTasks> {
  /** Throws what the task throws, `CANCELLED` on the signal; either way not before the task has ended. */
  run<Name extends keyof Tasks & string>(
    name: Name,
    input: Parameters<Tasks[Name]>[0],
    signal: AbortSignal,
  ): ReturnType<Tasks[Name]>;
  /** Lets a thread that is there and has nothing else to do run a task too. Nobody is told what comes of it. */
  letHelp<Name extends keyof Tasks & string>(name: Name, input: Parameters<Tasks[Name]>[0]): void;
  /** Ends it, and with it what still runs there. A later task starts it again. */
  close(): Promise<void>;
}

/** This very thread. */
export function thisThread<Tasks extends ThreadTasks>(tasks: Tasks): Thread<Tasks> {
  return {
    run: (name, input, signal) => {
      const task = tasks[name] as (input: unknown, signal: AbortSignal) => Promise<unknown>;
      return task(input, signal) as ReturnType<Tasks[typeof name]>;
    },
    letHelp: () => {},
    close: async () => {},
  };
}

/**
 * A thread of its own, which runs `file` (see `serveThread`). The first task starts it; it ends when there was nothing
 * to do for a while, and keeps no process running but while a task does.
 */
export function ownThread<Tasks extends ThreadTasks>(file: URL): Thread<Tasks> {
  let started: StartedThread | null = null;
  return {
    run: (name, input, signal) => {
      started ??= startThread(file, (ended) => {
        if (started === ended) started = null;
      });
      return started.run(name, input, signal) as ReturnType<Tasks[typeof name]>;
    },
    letHelp: (name, input) => started?.letHelp(name, input),
    close: async () => started?.end(),
  };
}
