import { connect, type Socket } from "node:net";
import { errnoOf } from "../../../host/file-problem.ts";

export type ConnectResult =
  | { readonly ok: true; readonly socket: Socket }
  /** A clause. */
  | { readonly ok: false; readonly reason: string };

/** RFC 8305 §5: what the next address waits for one that neither answers nor refuses. */
const nextAfterMs = 250;

/**
 * Connects to one of these addresses: the next is tried when one refuses, or after a quarter of a second beside it; the
 * first that answers is kept, and all others are given up. An aborted signal ends it.
 */
export function connectFirst(
  addresses: readonly string[],
  port: number,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ConnectResult> {
  return new Promise((resolve) => {
    const open = new Set<Socket>();
    const waiting = [...addresses];
    let reason = "it has no address";
    let next: NodeJS.Timeout | undefined;
    const settle = (result: ConnectResult): void => {
      clearTimeout(next);
      clearTimeout(deadline);
      signal.removeEventListener("abort", stop);
      for (const socket of open) if (!result.ok || socket !== result.socket) socket.destroy();
      resolve(result);
    };
    const deadline = setTimeout(() => settle({ ok: false, reason: "it did not answer in time" }), timeoutMs);
    const stop = (): void => settle({ ok: false, reason: "nobody waits for it any more" });
    const tryNext = (): void => {
      clearTimeout(next);
      const host = waiting.shift();
      if (host === undefined) {
        if (open.size === 0) settle({ ok: false, reason });
        return;
      }
      const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
      open.add(socket);
      socket.once("connect", () => {
        socket.off("error", failed);
        settle({ ok: true, socket });
      });
      const failed = (error: Error): void => {
        open.delete(socket);
        reason = describeFailure(error);
        tryNext();
      };
      socket.once("error", failed);
      next = setTimeout(tryNext, nextAfterMs);
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    else tryNext();
  });
}

function describeFailure(error: Error): string {
  switch (errnoOf(error)) {
    case "ECONNREFUSED":
      return "nobody listens there";
    case "ENETUNREACH":
    case "EHOSTUNREACH":
      return "there is no way to it";
    default:
      return `the connection failed (${errnoOf(error) || "unknown error"})`;
  }
}
