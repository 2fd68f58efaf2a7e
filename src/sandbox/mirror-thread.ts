import { existsSync } from "node:fs";
import { ownThread, type Thread, thisThread } from "../host/thread.ts";
import { mirrorTasks } from "./mirror-tasks.ts";

export type MirrorThread = Thread<typeof mirrorTasks>;

/**
 * Where a gateway's mirrors are written: in a thread of its own, so that no call that waits for the disk holds up its
 * event loop. Where the thread's file is not there (in a program bundled into one file, or from the sources) in this
 * thread, in slices.
 */
export function openMirrorThread(): MirrorThread {
  const file = workerFiles.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  return file === undefined ? mirrorHere : ownThread(file);
}

/** For one call alone: nobody else waits. */
export const mirrorHere: MirrorThread = thisThread(mirrorTasks);

/** In `dist`, seen from there and from its chunks. */
const workerFiles = ["./mirror-worker.js", "../mirror-worker.js"];
