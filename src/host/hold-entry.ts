import { constants, openSync } from "node:fs";

/** open(2), `O_PATH`: Linux has one value for it on every machine that Node runs on; Node has no name for it. */
const pathOnly = 0o10_000_000;

export const canHoldEntries = process.platform === "linux";

/**
 * Linux: a descriptor that stands for an entry of any type without opening it: no permission is asked for, a link is
 * held itself, and a pipe or a device notices nothing. `fstat` tells what it is; {@link heldPath} leads to that very
 * entry, whatever has its name by then.
 */
export function holdEntry(path: string | Buffer): number {
  return openSync(path, pathOnly | constants.O_NOFOLLOW);
}

export function heldPath(fd: number): string {
  return `/proc/self/fd/${fd}`;
}
