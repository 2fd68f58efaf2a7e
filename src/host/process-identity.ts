import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { errnoOf } from "./file-problem.ts";

/** A process such that no later process is taken for it. */
export interface ProcessIdentity {
  /** 16 hex digits that stand for this boot of this kernel and one process namespace: where `pid` means something. */
  readonly space: string;
  readonly pid: number;
  /** When it was started, in clock ticks since boot; "0" where the system does not tell (no /proc). */
  readonly startTicks: string;
}

export function thisProcess(): ProcessIdentity {
  return { space, pid: process.pid, startTicks: ownStartTicks };
}

/** `unknown`: it belongs to another container, machine or boot, or the system does not tell start times. */
export function isRunning(identity: ProcessIdentity): "yes" | "no" | "unknown" {
  if (identity.space !== space) return "unknown";
  if (identity.startTicks === "0") return hasPid(identity.pid) ? "unknown" : "no";
  const stat = readStat(identity.pid);
  // A zombie was killed and only waits for its parent to take note.
  if (stat === null || stat.state === "Z" || stat.state === "X") return "no";
  return stat.startTicks === identity.startTicks ? "yes" : "no";
}

const space = createHash("sha256").update(describeSpace()).digest("hex").slice(0, 16);
/** Read once: a file of /proc takes longer than all else that a lock does. */
const ownStartTicks = readStat(process.pid)?.startTicks ?? "0";

function describeSpace(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    return hostname();
  }
}

/** proc(5): state is the first field after the command in parentheses, the start time the twentieth. */
function readStat(pid: number): { readonly state: string; readonly startTicks: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", startTicks: fields[19] ?? "" };
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    return null;
  }
}

function hasPid(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}
