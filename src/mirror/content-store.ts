import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../host/file-problem.ts";
import type { Pace } from "../host/pace.ts";

/** What one file of a mirror is, wherever it came from. */
export interface FileContent {
  readonly sha256: string;
  readonly mode: number;
  readonly size: number;
}

/**
 * Gives files a content that is already on the disk: as a clone where the file system makes them, else as a hard link
 * where the sandbox's user does not own the file, else not at all.
 */
export interface ContentStore {
  /** Whether `destination` now has this content. `before` is a file that may have it; it is trusted if size and mode agree. */
  place(content: FileContent, destination: string, before: string | null): boolean;
  /** Makes a durable file's content known to other mirrors. */
  keep(content: FileContent, path: string): void;
  /** Removes what no mirror holds any more. */
  sweep(pace: Pace): Promise<void>;
}

export interface ContentStoreOptions {
  /** Null: only what the mirror itself holds is shared. */
  readonly storeDir: string | null;
  readonly sandboxUid: number;
  /** A folder on the mirror's file system in which anything may be made. */
  readonly stagingDir: string;
}

export function openContentStore({ storeDir, sandboxUid, stagingDir }: ContentStoreOptions): ContentStore {
  const filesDir = storeDir === null ? null : join(storeDir, "files");
  if (filesDir !== null) mkdirSync(filesDir, { recursive: true, mode: 0o700 });
  const ownUid = lstatSync(stagingDir).uid;
  const share = chooseSharing(storeDir ?? stagingDir, stagingDir, sandboxUid, ownUid);
  const entryOf = (content: FileContent) => (filesDir === null ? null : join(filesDir, entryName(content)));
  if (share === null) return { place: () => false, keep: () => {}, sweep: async () => {} };

  /** Whether the file could be shared and is what it should be. */
  const shareFrom = (from: string | null, content: FileContent, destination: string): boolean => {
    if (from === null || !share(from, destination)) return false;
    const stats = lstatSync(destination);
    if (
      stats.isFile() &&
      stats.size === content.size &&
      (stats.mode & 0o7777) === content.mode &&
      stats.uid === ownUid
    )
      return true;
    unlinkSync(destination);
    return false;
  };
  return {
    place: (content, destination, before) => {
      if (shareFrom(before, content, destination)) return true;
      const entry = entryOf(content);
      // Failing calls cost far more than this question.
      if (entry === null || !existsSync(entry)) return false;
      if (shareFrom(entry, content, destination)) return true;
      // Cut by a power failure, or with as many links as the file system allows: the next one takes its place.
      rmSync(entry, { force: true });
      return false;
    },
    keep: (content, path) => {
      const entry = entryOf(content);
      if (entry !== null) share(path, entry);
    },
    sweep: async (pace) => {
      if (filesDir === null) return;
      for (const name of readdirSync(filesDir)) {
        if (pace.isDue()) await pace.rest();
        const entry = join(filesDir, name);
        const stats = lstatSync(entry, { throwIfNoEntry: false });
        if (stats !== undefined && isUnused(stats, share)) rmSync(entry, { force: true });
      }
    },
  };
}

/**
 * A hard link that is the last one. Somebody may be about to make another: he has the content then, and the store gets
 * it back with the next file that is copied. Of clones nobody knows who has one; they are dropped after a month.
 */
function isUnused(stats: Stats, share: Share): boolean {
  return share === shareByLink ? stats.nlink === 1 : Date.now() - stats.mtimeMs > clonesStayMs;
}

const clonesStayMs = 30 * 24 * 3_600_000;

/** The mode is part of it: hard links have one mode together. */
function entryName({ sha256, mode }: FileContent): string {
  return mode === 0o755 ? `${sha256}-x` : sha256;
}

/** False where `to` could not be made of `from`, because it is not there or the file system does not do that. */
type Share = (from: string, to: string) => boolean;

function chooseSharing(fromDir: string, toDir: string, sandboxUid: number, ownUid: number): Share | null {
  const probe = join(fromDir, ".probe");
  const copy = join(toDir, ".probe-copy");
  writeFileSync(probe, "probe");
  rmSync(copy, { force: true });
  try {
    if (shareByClone(probe, copy)) return shareByClone;
    // Root can write whatever it does not own.
    const linkIsSafe = sandboxUid !== ownUid && sandboxUid !== 0;
    return linkIsSafe && shareByLink(probe, copy) ? shareByLink : null;
  } finally {
    rmSync(copy, { force: true });
  }
}

function shareByClone(from: string, to: string): boolean {
  return unlessRefused(() =>
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL),
  );
}

function shareByLink(from: string, to: string): boolean {
  return unlessRefused(() => linkSync(from, to));
}

function unlessRefused(share: () => void): boolean {
  try {
    share();
    return true;
  } catch (error) {
    if (refusals.has(errnoOf(error))) return false;
    throw error;
  }
}

/** No such file, one of that name already, another file system, too many links, or not done here. */
const refusals = new Set([
  "ENOENT",
  "EEXIST",
  "EXDEV",
  "EMLINK",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "ENOTTY",
  "EINVAL",
  "EPERM",
]);
