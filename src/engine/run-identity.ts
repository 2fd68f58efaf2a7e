import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { isRunning, thisProcess } from "../host/process-identity.ts";

/**
 * Names this process in labels: `<host>.<space>.<pid>.<start>.<seconds since 1970>`. `host` stays the same over a
 * reboot, `space` (see {@link thisProcess}) does not.
 */
export function currentRun(): string {
  const { space, pid, startTicks } = thisProcess();
  run ??= [hostKey(), space, pid, startTicks, Math.floor(Date.now() / 1000)].join(".");
  return run;
}

/**
 * Whether nobody needs what carries this name any more. Processes of other hosts that share the engine cannot be
 * asked: theirs count as dead after a day. A name that is not of our form counts as dead.
 */
export function isDeadRun(name: string): boolean {
  if (name === currentRun()) return false;
  const match = /^([0-9a-f]{16})\.([0-9a-f]{16})\.([0-9]{1,10})\.([0-9]{1,19})\.([0-9]{1,19})$/.exec(name);
  if (match === null) return true;
  const [, host = "", space = "", pid, startTicks = "", seconds] = match;
  if (host !== hostKey()) return Date.now() / 1000 - Number(seconds) > longestForeignRunSeconds;
  // The same host in another space: it was started again since.
  return space !== thisProcess().space || isRunning({ space, pid: Number(pid), startTicks }) === "no";
}

let run: string | undefined;
const longestForeignRunSeconds = 24 * 60 * 60;

/** Two containers can share a host name, and two virtual machines a pid namespace's number: together they differ. */
function hostKey(): string {
  const parts = [hostname(), readOr("", () => readFileSync("/etc/machine-id", "utf8"))];
  parts.push(readOr("", () => readlinkSync("/proc/self/ns/pid")));
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** Systems without /proc or a machine id do without that part of the name. */
function readOr(missing: string, read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && "code" in error) return missing;
    throw error;
  }
}
