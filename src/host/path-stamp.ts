import { lstatSync, type Stats } from "node:fs";
import { errnoOf } from "./file-problem.ts";

/** Numbers of a stamp: device, inode, size, ctime in ms, mode; or an error's number below zero, and zeros. */
export const fieldsPerStamp = 5;
export const ctimeField = 3;

/** Stamps what `path` leads to, with `lstat`, at `at` of `into`; one that leads nowhere is stamped with why. */
export function stampPath(path: string, into: Float64Array, at: number): void {
  const stats = lookAt(path);
  if (typeof stats === "number") {
    into.fill(0, at, at + fieldsPerStamp);
    into[at] = stats;
    return;
  }
  into[at] = stats.dev;
  into[at + 1] = stats.ino;
  into[at + 2] = stats.size;
  into[at + ctimeField] = stats.ctimeMs;
  into[at + 4] = stats.mode;
}

/** Whether `path` still has the stamp at `at` of `stamps`. */
export function hasStamp(path: string, stamps: Float64Array, at: number): boolean {
  const stats = lookAt(path);
  if (typeof stats === "number") return stamps[at] === stats;
  return (
    stamps[at + ctimeField] === stats.ctimeMs &&
    stamps[at + 1] === stats.ino &&
    stamps[at + 2] === stats.size &&
    stamps[at + 4] === stats.mode &&
    stamps[at] === stats.dev
  );
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
