import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errnoOf } from "./file-problem.ts";
import { isHeld, keepHeld } from "./held-file.ts";
import { type ProcessIdentity, thisProcess } from "./process-identity.ts";
import { stateFailure } from "./state-failure.ts";
import { throwIfCancelled } from "./throw-if-cancelled.ts";

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Called once if the lock is not free at once, with the process that has it. */
  readonly onWait?: (holderPid: number) => void;
}

/**
 * Runs `task` while no other process or caller runs one under the same name and state folder. Waits as long as it takes;
 * throws `CANCELLED` on the signal while it waits. A holder that was killed holds nothing: it is recognised at once by
 * process id and start time, or, if it ran in another container or on another machine, by a minute without a sign of
 * life.
 *
 * Every contender makes a file of a name of its own and then looks for others; who sees none has the lock, who sees a
 * living one takes its file away again and waits. Two can never both see none, since each makes its file before it
 * looks; and removing a dead one's file can hit nobody else, since no name is used twice.
 */
export async function withLock<Result>(
  stateDir: string,
  name: string,
  task: () => Promise<Result>,
  options: LockOptions = {},
): Promise<Result> {
  if (!/^[a-z0-9-]{1,120}$/.test(name)) throw new RangeError(`Not a lock's name: ${JSON.stringify(name)}`);
  const claim = await acquire(join(stateDir, "locks"), name, options);
  const letGo = keepHeld(claim);
  try {
    return await task();
  } finally {
    letGo();
    release(claim);
  }
}

async function acquire(dir: string, name: string, options: LockOptions): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    throwIfCancelled(options.signal);
    const claim = tryAcquire(dir, name);
    if (typeof claim === "string") return claim;
    if (attempt === 0) options.onWait?.(claim.holderPid);
    await pause(attempt, options.signal);
  }
}

/** The path of our claim, or who is in the way. */
function tryAcquire(dir: string, name: string): string | { readonly holderPid: number } {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    // Looking first keeps the many who wait from writing at every turn; only the second look counts.
    const before = findLiving(dir, name, null);
    if (before !== null) return { holderPid: before };
    return claimUnlessOther(dir, name);
  } catch (error) {
    throw stateFailure("take a lock in", dir, error);
  }
}

function claimUnlessOther(dir: string, name: string): string | { readonly holderPid: number } {
  const mine = claimName(name);
  const path = join(dir, mine);
  let isMine = false;
  try {
    closeSync(openSync(path, "wx", 0o600));
    const other = findLiving(dir, name, mine);
    isMine = other === null;
    return other === null ? path : { holderPid: other };
  } finally {
    // Also where looking failed: our own file would keep everybody out, ourselves too.
    if (!isMine) release(path);
  }
}

function claimName(name: string): string {
  const { space, pid, startTicks } = thisProcess();
  return [name, space, pid, startTicks, randomBytes(6).toString("hex")].join(".");
}

/** The process id of a living contender other than `mine`; files of dead ones are removed on the way. */
function findLiving(dir: string, name: string, mine: string | null): number | null {
  for (const file of readdirSync(dir)) {
    const contender = file === mine ? null : parseClaim(file, name);
    if (contender === null) continue;
    if (isHeld(contender, join(dir, file))) return contender.pid;
    release(join(dir, file));
  }
  return null;
}

function parseClaim(file: string, lockName: string): ProcessIdentity | null {
  const match = /^([a-z0-9-]+)\.([0-9a-f]{16})\.([0-9]+)\.([0-9]+)\.[0-9a-f]{12}$/.exec(file);
  const [, name, space = "", pid, startTicks = ""] = match ?? [];
  return name === lockName ? { space, pid: Number(pid), startTicks } : null;
}

/**
 * Where the disk does not let us, again until it does: whoever waits would wait until this process ends. What the task
 * gave does not depend on it.
 */
function release(claim: string): void {
  try {
    unlinkSync(claim);
  } catch (error) {
    const code = errnoOf(error);
    if (code === "") throw error;
    if (code === "ENOENT") return;
    setTimeout(() => release(claim), releaseAgainMs).unref();
  }
}

const releaseAgainMs = 50;

/** Uneven, so that two who met do not meet again. */
async function pause(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = 5 + Math.random() * Math.min(20 + attempt * 10, 250);
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
  }
}
