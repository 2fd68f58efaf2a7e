import { lstatSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { MirrorPaths } from "./mirror-paths.ts";

/** Where one run makes what it will show. What an earlier run left there is removed first: the caller holds the lock. */
export interface Staging {
  readonly dir: string;
  /** Whether files and folders get exactly the mode they are made with: no umask, ACL or setgid bit takes part. */
  readonly exactModes: boolean;
  /** A path that is not taken. */
  next(): string;
}

export async function openStaging(paths: MirrorPaths): Promise<Staging> {
  const top = paths.staging;
  await closeStaging(paths);
  mkdirSync(top, 0o700);
  const dir = `${top}/run`;
  mkdirSync(dir, 0o755);
  let made = 0;
  return {
    dir,
    exactModes: (lstatSync(dir).mode & 0o7777) === 0o755,
    next: () => {
      made += 1;
      return `${dir}/${made}`;
    },
  };
}

export async function closeStaging(paths: MirrorPaths): Promise<void> {
  await rm(paths.staging, { recursive: true, force: true });
}
