import { randomBytes } from "node:crypto";
import { currentRun, isDeadRun } from "../../engine/run-identity.ts";

/**
 * The name of a container until it is ready: the one that it is to get, and who makes it. Nobody looks for a sandbox
 * under it, and whether its maker still lives is known to whoever finds it, on any host.
 */
export function makingName(name: string): string {
  return `${name}.making.${currentRun()}.${randomBytes(6).toString("hex")}`;
}

export interface HalfMade {
  /** The name that it was to get. */
  readonly name: string;
  /** Whether its maker has ended. */
  readonly abandoned: boolean;
}

/** Null: it is not half-made. */
export function readMakingName(name: string): HalfMade | null {
  const match = /^(.+)\.making\.([0-9a-f.]+)\.[0-9a-f]{12}$/.exec(name);
  const [, finalName, run] = match ?? [];
  if (finalName === undefined || run === undefined) return null;
  return { name: finalName, abandoned: isDeadRun(run) };
}
