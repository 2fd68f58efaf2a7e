import { readdirSync } from "node:fs";
import { closeFolder } from "../host/open-folder.ts";
import { mirrorFailure } from "../mirror/mirror-failure.ts";
import { pathsIn } from "../mirror/mirror-paths.ts";
import type { Generation } from "../mirror/mirror-request.ts";
import { openTarget, type TargetPlace } from "../mirror/mirror-target.ts";
import { readLiveId } from "../mirror/read-live-id.ts";

/**
 * Whether a mirror shows a generation: its one moving link leads there, and the stable name of each skill is there.
 * Throws `MIRROR_TARGET_FOREIGN` where something else has the mirror's place.
 */
export function isLive(place: TargetPlace, generation: Generation): boolean {
  try {
    return shows(place, generation);
  } catch (error) {
    throw mirrorFailure(place.targetDir, error);
  }
}

function shows(place: TargetPlace, { id, skills }: Generation): boolean {
  const target = openTarget(place);
  if (target === null) return false;
  try {
    const paths = pathsIn(target);
    if (readLiveId(paths) !== id) return false;
    const names = new Set(readdirSync(paths.root));
    return skills.every(({ folder }) => names.has(folder));
  } finally {
    closeFolder(target);
  }
}
