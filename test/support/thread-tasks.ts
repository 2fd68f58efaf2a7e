import { lstatSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { throwIfCancelled } from "../../src/host/throw-if-cancelled.ts";

export type ThreadTasks = typeof threadTasks;

/** What a test lets a thread do. */
export const threadTasks = {
  double: async (values: readonly number[]) => values.map((value) => value * 2),
  /** Which thread this is, and what it knows of its process. */
  look: async (_: null) => ({ threadId, environment: Object.keys(process.env), options: process.execArgv }),
  fail: async (path: string) => {
    try {
      lstatSync(path);
    } catch (cause) {
      const diagnostics = [{ code: "MIRROR_LEFT_OUT", severity: "info", message: "m", hint: "h" }] as const;
      throw new SkillcrateError("MIRROR_NO_SPACE", "No room.", { hint: "Make some.", cause, diagnostics });
    }
  },
  /** In memory that both threads have. */
  mark: async ({ marks, at }: { readonly marks: Int32Array; readonly at: number }) => {
    Atomics.add(marks, at, 1);
  },
  mistake: async (_: null) => {
    throw new RangeError("Out of it.");
  },
  waitForAbort: async (_: null, signal: AbortSignal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throwIfCancelled(signal);
  },
  end: async (_: null) => process.exit(3),
};
