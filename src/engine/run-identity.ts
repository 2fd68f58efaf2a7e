import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/**
 * Names this process in labels: `<host>.<pid>.<start>.<seconds since 1970>`. `start` is the kernel's start time of the
 * process, which tells it from a later one with the same pid; 0 where the system has no /proc.
 */
export function currentRun(): string {
  run ??= `${hostKey()}.${process.pid}.${startTime("self") ?? 0}.${Math.floor(Date.now() / 1000)}`;
  return run;
}

/**
 * Whether nobody needs what carries this name any more. Processes of other hosts that share the engine cannot be
 * asked: theirs count as dead after a day. A name that is not of our form counts as dead.
 */
export function isDeadRun(name: string): boolean {
  if (name === currentRun()) return false;
  const [host, pid, start, seconds] = name.split(".");
  if (host === undefined || !isNumber(pid) || !isNumber(start) || !isNumber(seconds)) return true;
  if (host !== hostKey()) return Date.now() / 1000 - Number(seconds) > longestForeignRunSeconds;
  if (!isAlive(Number(pid))) return true;
  const startNow = startTime(pid);
  return startNow !== null && startNow !== start;
}

let run: string | undefined;
const longestForeignRunSeconds = 24 * 60 * 60;

/** Two containers can share a host name, and two virtual machines a pid namespace's number: together they differ. */
function hostKey(): string {
  const parts = [hostname(), readOr("", () => readFileSync("/etc/machine-id", "utf8"))];
  parts.push(readOr("", () => readlinkSync("/proc/self/ns/pid")));
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/**
 * Field 22 of /proc/PID/stat, counted after the command's name, which may hold spaces and parentheses; null where there
 * is no such file. A process that was killed, and whose parent has not taken note yet, has no start time any more.
 */
function startTime(pid: string): string | null {
  const stat = readOr(null, () => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields?.[0] === "Z" ? "" : (fields?.[19] ?? null);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to another user. ESRCH: it is gone.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Systems without /proc or a machine id do without that part of the name. */
function readOr<T>(missing: T, read: () => string): string | T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && "code" in error) return missing;
    throw error;
  }
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^[0-9]{1,19}$/.test(text);
}
