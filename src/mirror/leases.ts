import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isHeld } from "../host/held-file.ts";
import { listOrNone } from "../host/list-or-none.ts";
import { thisProcess } from "../host/process-identity.ts";

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

function claimsDir(recordsDir: string): string {
  return join(recordsDir, "leases");
}
