import { readlinkSync } from "node:fs";
import { errnoOf } from "../host/file-problem.ts";
import { type MirrorPaths, mirrorNames } from "./mirror-paths.ts";

/** The id of the generation that a mirror shows; null: none. */
export function readLiveId(paths: MirrorPaths): string | null {
  try {
    const [folder, id = ""] = readlinkSync(paths.live).split("/");
    return folder === mirrorNames.generations && isGenerationId(id) ? id : null;
  } catch (error) {
    // EINVAL: no link.
    if (["ENOENT", "EINVAL"].includes(errnoOf(error))) return null;
    throw error;
  }
}

export function isGenerationId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}
