import { closeFolder } from "../../host/open-folder.ts";
import { withLock } from "../../host/with-lock.ts";
import { mirrorFailure } from "../../mirror/mirror-failure.ts";
import { makeTarget, openTarget } from "../../mirror/mirror-target.ts";

/**
 * Makes the folder that skills will be mirrored into, so that a container can mount it while they still are: they appear
 * in it by one rename. Throws `MIRROR_TARGET_FOREIGN` where a sandbox, or anybody else, has put something in its place.
 */
export async function makeMirrorFolder(
  targetDir: string,
  recordsDir: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const place = { targetDir, recordsDir };
  try {
    const folder =
      openTarget(place) ??
      (await withLock(
        recordsDir,
        "mirror",
        async () => makeTarget(place),
        signal === undefined ? {} : { signal },
      ));
    closeFolder(folder);
  } catch (error) {
    throw mirrorFailure(targetDir, error);
  }
}
