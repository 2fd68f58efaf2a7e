import { fstatSync, readFileSync } from "node:fs";
import { errnoOf } from "./file-problem.ts";
import type { OpenFolder } from "./open-folder.ts";

/**
 * Tells the mount that a folder lies in: two folders with equal answers are on one mount of one file system. proc(5):
 * `mnt_id` in fdinfo, since Linux 3.15; elsewhere the device alone, which does not tell bind mounts apart.
 */
export function mountIdOf(folder: OpenFolder): string {
  const { dev } = fstatSync(folder.fd);
  try {
    const info = readFileSync(`/proc/self/fdinfo/${folder.fd}`, "latin1");
    return `${dev}:${/^mnt_id:\s*(\d+)$/m.exec(info)?.[1] ?? ""}`;
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    return `${dev}:`;
  }
}
