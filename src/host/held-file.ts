import { statSync, utimesSync } from "node:fs";
import { errnoOf } from "./file-problem.ts";
import { isRunning, type ProcessIdentity } from "./process-identity.ts";

const heartbeatMs = 10_000;
const silentAfterMs = 60_000;

/**
 * Whether the process that made a file to hold something still lives: asked by process id and start time, or, if it runs
 * in another container or on another machine, by a minute without a sign of life at the file.
 */
export function isHeld(holder: ProcessIdentity, path: string): boolean {
  const running = isRunning(holder);
  if (running !== "unknown") return running === "yes";
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs < silentAfterMs;
}

/** Gives signs of life at a file of this process until the result is called; keeps no process running. */
export function keepHeld(path: string): () => void {
  const heartbeat = setInterval(() => touch(path), heartbeatMs);
  heartbeat.unref();
  return () => clearInterval(heartbeat);
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    // Its folder was removed, or the disk became read-only: what the holder writes itself will say so.
    if (errnoOf(error) === "") throw error;
  }
}
