/** When work is to end before it is done: its time is up, or its caller gives up. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** Why it was aborted; null: it was not. */
  readonly reason: "time-limit" | "caller" | null;
  /** Fulfilled when it is aborted, and never rejected. */
  readonly stopped: Promise<"stopped">;
  /** To be called when the work is over. */
  release(): void;
}

export function createStopSignal(timeoutMs: number, caller: AbortSignal | undefined): StopSignal {
  const controller = new AbortController();
  let reason: StopSignal["reason"] = null;
  const stop = (why: "time-limit" | "caller") => {
    if (controller.signal.aborted) return;
    reason = why;
    controller.abort();
  };
  const giveUp = () => stop("caller");
  // A timer takes no longer time than this; it is 24 days.
  const timer = setTimeout(() => stop("time-limit"), Math.min(timeoutMs, 2 ** 31 - 1));
  if (caller?.aborted) giveUp();
  else caller?.addEventListener("abort", giveUp, { once: true });
  return {
    signal: controller.signal,
    get reason() {
      return reason;
    },
    stopped: new Promise((resolve) => {
      const done = () => resolve("stopped");
      if (controller.signal.aborted) done();
      else controller.signal.addEventListener("abort", done, { once: true });
    }),
    release: () => {
      clearTimeout(timer);
      caller?.removeEventListener("abort", giveUp);
    },
  };
}
