import { lstatSync, type Stats } from "node:fs";
import { errnoOf } from "./file-problem.ts";
import { createPace } from "./pace.ts";

/**
 * What paths led to at one moment. While all stamps are the same, nothing at these paths was changed, exchanged, made or
 * removed: the kernel moves `ctime` on at every change, and nobody can set it back.
 */
export interface Fingerprint {
  readonly paths: readonly string[];
  /** {@link fieldsPerPath} numbers for each path: device, inode, size, ctime in ms, mode. */
  readonly stamps: Float64Array;
}

/** Stamps every path with `lstat`; one that leads nowhere is stamped with why. */
export async function takeFingerprint(paths: readonly string[]): Promise<Fingerprint> {
  const stamps = new Float64Array(paths.length * fieldsPerPath);
  const pace = createPace();
  let at = 0;
  for (const path of paths) {
    if (at % askPaceEvery === 0 && pace.isDue()) await pace.rest();
    stamp(path, stamps, at);
    at += fieldsPerPath;
  }
  return { paths, stamps };
}

/** Whether every path still has the stamp that it had. Ends at the first that has not. */
export async function isUnchanged({ paths, stamps }: Fingerprint): Promise<boolean> {
  const now = new Float64Array(fieldsPerPath);
  const pace = createPace();
  let at = 0;
  for (const path of paths) {
    if (at % askPaceEvery === 0 && pace.isDue()) await pace.rest();
    stamp(path, now, 0);
    for (let field = 0; field < fieldsPerPath; field += 1) {
      if (stamps[at + field] !== now[field]) return false;
    }
    at += fieldsPerPath;
  }
  return true;
}

/**
 * Whether all that was stamped is older than `sinceMs` (of `Date.now()`), so that whoever began to read then has read
 * what the stamps stand for, and a later change will have another stamp. If not, a change may hide in the same tick of
 * the file system's clock.
 */
export function isSettled({ stamps }: Fingerprint, sinceMs: number): boolean {
  for (let at = 0; at < stamps.length; at += fieldsPerPath) {
    const ctimeMs = stamps[at + ctimeField] ?? 0;
    const tickMs = ctimeMs % 1000 === 0 ? coarseTickMs : fineTickMs;
    if (ctimeMs > sinceMs - tickMs) return false;
  }
  return true;
}

const fieldsPerPath = 5;
const ctimeField = 3;

/** In numbers of stamps: asking takes a tenth of what it asks about. */
const askPaceEvery = 32 * fieldsPerPath;

/** The kernel's clock for files goes by jiffies: 10 ms where it counts 100 a second. */
const fineTickMs = 20;
/** Some file systems keep whole seconds, FAT every other. */
const coarseTickMs = 2000;

function stamp(path: string, into: Float64Array, at: number): void {
  const stats = lookAt(path);
  if (typeof stats === "number") {
    into.fill(0, at, at + fieldsPerPath);
    into[at] = stats;
    return;
  }
  into[at] = stats.dev;
  into[at + 1] = stats.ino;
  into[at + 2] = stats.size;
  into[at + ctimeField] = stats.ctimeMs;
  into[at + 4] = stats.mode;
}

/** A number below zero where the path leads nowhere: as long as the reason is the same, nothing has changed. */
function lookAt(path: string): Stats | number {
  try {
    return lstatSync(path, withoutThrowing) ?? absent;
  } catch (error) {
    // Below a file, forbidden, a loop of links.
    if (errnoOf(error) === "") throw error;
    return (error as NodeJS.ErrnoException).errno ?? absent;
  }
}

const withoutThrowing = { throwIfNoEntry: false } as const;
const absent = -1_000_000;
