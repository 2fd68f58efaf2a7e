import { closeSync, fstatSync, lstatSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { errnoOf } from "../../../host/file-problem.ts";
import { canHoldEntries, heldPath, holdEntry } from "../../../host/hold-entry.ts";
import { type OpenFolder, pathIn } from "../../../host/open-folder.ts";

/** Where a door leads. */
export type DoorAddress =
  /** A socket in a folder that the container writes. */
  | { readonly kind: "socket"; readonly folder: OpenFolder; readonly name: string }
  | { readonly kind: "address"; readonly host: string; readonly port: number };

export type ConnectDoorResult =
  | { readonly ok: true; readonly socket: Socket }
  /** A clause. */
  | { readonly ok: false; readonly reason: string };

/**
 * Connects to what the container listens on. A socket in its folder is held before it is looked at, and connected to by
 * what is held: a link, or anything else than a socket, is refused, and nothing that is put there meanwhile is taken for
 * it. Where the system can hold nothing without opening it (macOS) it is looked at and then connected to by its name: a
 * container that exchanges the two in between could lead to another socket that this user may use. An aborted signal
 * ends the attempt.
 */
export function connectDoor(
  address: DoorAddress,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<ConnectDoorResult> {
  if (address.kind === "address") {
    const { host, port } = address;
    return whenConnected(connect({ host, port, allowHalfOpen: true, noDelay: true }), timeoutMs, signal);
  }
  return connectHeld(address, timeoutMs, signal);
}

const notAwaited = "nobody waits for it any more";

async function connectHeld(
  { folder, name }: Extract<DoorAddress, { kind: "socket" }>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<ConnectDoorResult> {
  // Nobody holds the folder any more.
  if (signal?.aborted === true) return { ok: false, reason: notAwaited };
  const path = pathIn(folder, name);
  let fd: number | null = null;
  try {
    if (canHoldEntries) fd = holdEntry(path);
    const stats = fd === null ? lstatSync(path) : fstatSync(fd);
    if (!stats.isSocket()) return { ok: false, reason: "something else than a socket is in its place" };
    const socket = connect({ path: fd === null ? path : heldPath(fd), allowHalfOpen: true });
    return await whenConnected(socket, timeoutMs, signal);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "") throw error;
    return { ok: false, reason: describe(errno) };
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function whenConnected(
  socket: Socket,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<ConnectDoorResult> {
  return new Promise((resolve) => {
    const settle = (result: ConnectDoorResult): void => {
      clearTimeout(deadline);
      signal?.removeEventListener("abort", stop);
      socket.off("error", failed);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const fail = (reason: string): void => settle({ ok: false, reason });
    const failed = (error: Error): void => fail(describe(errnoOf(error)));
    const stop = (): void => fail(notAwaited);
    const deadline = setTimeout(() => fail("the browser does not take connections"), timeoutMs);
    signal?.addEventListener("abort", stop, { once: true });
    socket.once("connect", () => settle({ ok: true, socket }));
    socket.once("error", failed);
    if (signal?.aborted === true) stop();
  });
}

function describe(errno: string): string {
  switch (errno) {
    case "ENOENT":
      return "the browser does not listen yet, or any more";
    case "ECONNREFUSED":
      return "the browser does not listen any more";
    case "ENOTDIR":
    case "ELOOP":
      return "something else than a socket is in its place";
    case "EAGAIN":
      return "the browser does not take connections";
    default:
      return `the connection failed (${errno || "unknown error"})`;
  }
}
