import type { Stats } from "node:fs";

/**
 * What tells that a file was not changed, replaced or set back: a write moves the ctime, which nobody can set, and a
 * replacement has another inode. Times in milliseconds with a fraction (about 250 ns are told apart).
 */
export interface FileStamp {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** Type and permission bits. */
  readonly mode: number;
}

export function fileStamp({ dev, ino, size, mtimeMs, ctimeMs, mode }: Stats): FileStamp {
  return { dev, ino, size, mtimeMs, ctimeMs, mode };
}

export function sameStamp(left: FileStamp, right: FileStamp): boolean {
  return (
    left.ino === right.ino &&
    left.ctimeMs === right.ctimeMs &&
    left.size === right.size &&
    left.mtimeMs === right.mtimeMs &&
    left.mode === right.mode &&
    left.dev === right.dev
  );
}

/** The mode of its copy: the executable bit of any class is kept, everything else normalised. */
export function mirroredMode({ mode }: FileStamp): 0o644 | 0o755 {
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}

/**
 * How long after a change a file system may give another change the same time: a tick of the kernel's clock (10 ms at
 * the slowest), or two seconds where it counts in seconds. Until then a stamp proves nothing.
 */
export function settledAtMs(ctimeMs: number): number {
  return ctimeMs + (ctimeMs % 1000 === 0 ? 2000 : 20);
}
