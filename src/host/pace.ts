import { setImmediate } from "node:timers/promises";
import { throwIfCancelled } from "./throw-if-cancelled.ts";

/** Keeps a long run of short synchronous steps from holding the event loop. */
export interface Pace {
  /** Whether the loop has waited long enough. Cheap: to be asked before every step, so that most need no `await`. */
  isDue(): boolean;
  /** Lets the others have their turn. Throws `CANCELLED` on the signal. */
  rest(): Promise<void>;
}

export function createPace(signal?: AbortSignal): Pace {
  let since = performance.now();
  return {
    isDue: () => performance.now() - since > sliceMs,
    rest: async () => {
      await setImmediate();
      throwIfCancelled(signal);
      since = performance.now();
    },
  };
}

/** A few of us may run in one turn, and the loop is to be held under 20 ms. */
const sliceMs = 4;
