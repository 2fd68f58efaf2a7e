import { readClaims } from "../../mirror/leases.ts";

/** Whether a living process reads the scope's skills: a sandbox runs, or a command works in it. */
export function isHomeLeased(recordsDir: string): boolean {
  return readClaims(recordsDir, "lease").size > 0;
}
