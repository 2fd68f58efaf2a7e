import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { EngineLink } from "./engine-link.ts";

/** Ends a request that the caller cancels or the engine leaves without an answer. */
export interface SilenceGuard {
  /** Aborted with a {@link SkillcrateError} as its reason: `CANCELLED` or `ENGINE_SILENT`. */
  readonly signal: AbortSignal;
  /** The engine said something: the deadline starts anew. */
  heard(): void;
  /** To be called when the request is over, however it ended; calls the request off if it is not. */
  release(): void;
}

/**
 * Watches one request. When the link's deadline passes without a sign of life, `isAlive` tells a long quiet step from
 * an engine that hangs; without it the deadline is final.
 */
export function guardSilence(
  link: EngineLink,
  doing: string,
  signal: AbortSignal | undefined,
  isAlive: (() => Promise<boolean>) | null,
): SilenceGuard {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const cancel = () => controller.abort(cancelled(doing));
  const watch = () => {
    clearTimeout(timer);
    if (!controller.signal.aborted) timer = setTimeout(() => void decide(), link.deadlineMs);
  };
  const decide = async () => {
    if (isAlive !== null && (await isAlive())) watch();
    else controller.abort(silent(link, doing));
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
  return new SkillcrateError("CANCELLED", `stopped while trying to ${doing}`, { hint: "" });
}

function silent(link: EngineLink, doing: string): SkillcrateError {
  const seconds = link.deadlineMs / 1000;
  return new SkillcrateError(
    "ENGINE_SILENT",
    `the engine at ${link.name} takes requests but does not answer: nothing for ${seconds} s while trying to ${doing}`,
    {
      hint: "See what it does, then restart it:\nsudo journalctl -u docker -n 50\nsudo systemctl restart docker",
    },
  );
}
