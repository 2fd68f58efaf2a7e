import { type MessagePort, parentPort } from "node:worker_threads";
import { packError } from "./portable-error.ts";
import type { ThreadAnswer, ThreadRequest } from "./start-thread.ts";
import type { ThreadTasks } from "./thread.ts";

/** Runs tasks for the thread that started this one; several at a time, as far as they wait. */
export function serveThread(tasks: ThreadTasks): void {
  const port = parentPort;
  if (port === null) throw new Error("This file is run by a thread, not by a program.");
  const running = new Map<number, AbortController>();
  port.on("message", (request: ThreadRequest) => {
    if (request.kind === "abort") {
      running.get(request.id)?.abort();
      return;
    }
    if (request.kind === "help") {
      void find(tasks, request.name)?.(request.input, new AbortController().signal).catch(() => undefined);
      return;
    }
    const controller = new AbortController();
    running.set(request.id, controller);
    void answer(port, tasks, request, controller.signal).finally(() => running.delete(request.id));
  });
}

async function answer(
  port: MessagePort,
  tasks: ThreadTasks,
  { id, name, input }: Extract<ThreadRequest, { kind: "run" }>,
  signal: AbortSignal,
): Promise<void> {
  const post = (message: ThreadAnswer) => port.postMessage(message);
  const task = find(tasks, name);
  try {
    if (task === undefined) throw new Error(`there is no task ${name}`);
    post({ id, ok: true, result: await task(input, signal) });
  } catch (error) {
    post({ id, ok: false, error: packError(error) });
  }
}

type Task = (input: unknown, signal: AbortSignal) => Promise<unknown>;

function find(tasks: ThreadTasks, name: string): Task | undefined {
  return tasks[name] as Task | undefined;
}
