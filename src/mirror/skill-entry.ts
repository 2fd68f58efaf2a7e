import { hash } from "node:crypto";
import type { ManifestEntry } from "./mirror-request.ts";

/** What a mirrored skill holds; paths from the skill's folder, with `/`. In order of `compareText` over the paths. */
export type SkillEntry = ManifestEntry;

/** SHA-256 over paths, modes, links and contents: 64 hex digits, equal for equal skills wherever they come from. */
export function hashSkill(entries: readonly SkillEntry[]): string {
  return hash("sha256", JSON.stringify(["skillcrate/skill@1", entries.map(toTuple)]), "hex");
}

/** The name of a skill's folder below `.versions`: short enough that ext4 keeps a link to it inside the inode. */
export function versionName(sha256: string): string {
  return sha256.slice(0, 40);
}

function toTuple(entry: SkillEntry): readonly (string | number)[] {
  switch (entry.type) {
    case "file":
      return ["file", entry.path, entry.mode, entry.size, entry.sha256];
    case "link":
      return ["link", entry.path, entry.target];
    case "folder":
      return ["folder", entry.path];
  }
}
