import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { wentAway } from "./engine-error.ts";
import type { EngineLink } from "./engine-link.ts";

/** `gone`: nothing takes connections, so that what is still open will never be answered. */
export type EngineState = "alive" | "silent" | "gone";

/** Ends a request that the caller cancels or the engine leaves without an answer. */
export interface SilenceGuard {
  /** Aborted with a {@link SkillcrateError} as its reason: `CANCELLED`, `ENGINE_DOWN` or `ENGINE_SILENT`. */
  readonly signal: AbortSignal;
  /** The engine said something: the deadline starts anew. */
  heard(): void;
  /** To be called when the request is over, however it ended; calls the request off if it is not. */
  release(): void;
}

/**
 * Watches one request. Without `ask`, the link's deadline is final. With it, half of the deadline without a sign of life
 * leads to that question, and the other half is for its answer: a long quiet step goes on, an engine that hangs or is
 * gone is given up.
 */
export function guardSilence(
  link: EngineLink,
  doing: string,
  signal: AbortSignal | undefined,
  ask: (() => Promise<EngineState>) | null,
): SilenceGuard {
  const controller = new AbortController();
  const patienceMs = ask === null ? link.deadlineMs : link.deadlineMs / 2;
  let timer: NodeJS.Timeout | undefined;

  const cancel = () => controller.abort(cancelled(doing));
  const watch = () => {
    clearTimeout(timer);
    if (!controller.signal.aborted) timer = setTimeout(() => void decide(), patienceMs);
  };
  const decide = async () => {
    const state = ask === null ? "silent" : await ask();
    if (state === "alive") watch();
    else controller.abort(state === "gone" ? wentAway(null, link, doing) : silent(link, doing));
  };

  if (signal?.aborted) cancel();
  else signal?.addEventListener("abort", cancel, { once: true });
  watch();
  return {
    signal: controller.signal,
    heard: watch,
    release: () => {
      signal?.removeEventListener("abort", cancel);
      controller.abort();
      clearTimeout(timer);
    },
  };
}

function cancelled(doing: string): SkillcrateError {
  return new SkillcrateError("CANCELLED", `stopped before it could ${doing}`, { hint: "" });
}

function silent(link: EngineLink, doing: string): SkillcrateError {
  const seconds = link.deadlineMs / 1000;
  return new SkillcrateError(
    "ENGINE_SILENT",
    `cannot ${doing}: the engine at ${link.name} has not answered for ${seconds} s`,
    {
      hint: "See what it does, then restart it:\nsudo journalctl -u docker -n 50\nsudo systemctl restart docker",
    },
  );
}
