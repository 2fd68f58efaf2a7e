import { statSync } from "node:fs";
import type { Owner } from "../host/write-in-folder.ts";

/** Whom sandboxes run as where nobody else is at hand: the user of the built-in images. */
const builtInUser: Owner = { uid: 1000, gid: 1000 };

/**
 * The user that a sandbox runs as: the owner of its workspace where that is there already, else the gateway's own user;
 * never root.
 */
export function chooseSandboxUser(workspaceDir: string, gatewayUser: Owner): Owner {
  const stats = statSync(workspaceDir, { throwIfNoEntry: false });
  if (stats !== undefined && stats.uid !== 0) return { uid: stats.uid, gid: stats.gid };
  return gatewayUser.uid === 0 ? builtInUser : gatewayUser;
}
