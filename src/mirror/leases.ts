import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../host/file-problem.ts";
import { isRunning, thisProcess } from "../host/process-identity.ts";

/**
 * Files in `<recordsDir>/leases` that name a generation and a process. Two kinds keep readers and the collector apart
 * without a lock: each writes its own first and looks for the other's then, so that at least one of them sees the other
 * and gives way.
 */
export type ClaimKind = "lease" | "removal";

export function writeClaim(recordsDir: string, kind: ClaimKind, generation: string): string {
  const dir = claimsDir(recordsDir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { space, pid, startTicks } = thisProcess();
  const path = join(
    dir,
    [kind, generation, space, pid, startTicks, randomBytes(6).toString("hex")].join("."),
  );
  writeFileSync(path, "", { flag: "wx", mode: 0o600 });
  return path;
}

/** The generations that a living process has a claim of this kind on; claims of dead ones are removed on the way. */
export function readClaims(recordsDir: string, kind: ClaimKind): ReadonlySet<string> {
  const dir = claimsDir(recordsDir);
  const claimed = new Set<string>();
  for (const name of listOrNone(dir)) {
    const [itsKind, generation = "", space = "", pid = "", startTicks = ""] = name.split(".");
    if (itsKind !== kind) continue;
    if (isHeld({ space, pid: Number(pid), startTicks }, join(dir, name))) claimed.add(generation);
    else dropClaim(join(dir, name));
  }
  return claimed;
}

export function dropClaim(path: string): void {
  rmSync(path, { force: true });
}

/** To be called every {@link heartbeatMs}, for processes that cannot ask whether this one still runs. */
export function touchClaim(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    // The scope was removed, or its disk became read-only: nothing is left to hold.
    if (errnoOf(error) === "") throw error;
  }
}

export const heartbeatMs = 10_000;
const silentAfterMs = 60_000;

function claimsDir(recordsDir: string): string {
  return join(recordsDir, "leases");
}

function isHeld(owner: Parameters<typeof isRunning>[0], path: string): boolean {
  const running = isRunning(owner);
  if (running !== "unknown") return running === "yes";
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs < silentAfterMs;
}

function listOrNone(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}
