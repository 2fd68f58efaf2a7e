/** What this program does not expect, as a clause: worth a report, and no reason to end anything else. */
export function describeFault(error: unknown): string {
  return `the door itself failed: ${error instanceof Error ? error.message : String(error)}`;
}
