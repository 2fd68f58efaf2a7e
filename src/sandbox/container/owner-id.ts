import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { errnoOf } from "../../host/file-problem.ts";

/**
 * What the containers of one gateway are labelled with: its state folder, hashed. Two gateways on one engine do not
 * touch each other's, and one that is started anew knows its own without any file.
 */
export function ownerId(stateDir: string): string {
  return createHash("sha256").update(resolveLinks(stateDir)).digest("hex").slice(0, 32);
}

function resolveLinks(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    return resolve(path);
  }
}
