import type { Owner } from "../../host/write-in-folder.ts";
import type { SandboxTmpfs } from "../sandbox-mount.ts";
import type { HomePaths } from "./home-paths.ts";

/** XDG Base Directory Specification: owned by the user, 0700, and gone with the last session. */
export function runtimeTmpfs(
  { runtimeDir }: Pick<HomePaths, "runtimeDir">,
  { uid, gid }: Owner,
): SandboxTmpfs {
  return { target: runtimeDir, sizeBytes: 16 * 1024 * 1024, mode: 0o700, uid, gid };
}
