import type { Socket } from "node:net";

/**
 * Passes everything between two connections, at the pace of whoever takes it, until both directions have ended, one of
 * them fails, or nothing was said for `idleTimeoutMs`. An end in one direction is passed on, and leaves the other open:
 * both sockets must be made with `allowHalfOpen`.
 */
export function spliceSockets(one: Socket, other: Socket, idleTimeoutMs: number): void {
  pass(one, other, idleTimeoutMs);
  pass(other, one, idleTimeoutMs);
}

function pass(from: Socket, to: Socket, idleTimeoutMs: number): void {
  const end = (): void => {
    from.destroy();
    to.destroy();
  };
  from.on("error", end);
  from.on("timeout", end);
  from.on("close", () => {
    if (!from.readableEnded) to.destroy();
  });
  from.setTimeout(idleTimeoutMs);
  // Who was closed before we came tells nobody again.
  if (from.destroyed) end();
  else from.pipe(to);
}
