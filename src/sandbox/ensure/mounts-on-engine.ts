import type { HostPaths } from "../host-paths/create-host-paths.ts";
import type { SandboxMount } from "../sandbox-mount.ts";
import type { ScopeFolder } from "../scope-folder.ts";

/** As the engine has them. */
export async function mountsOnEngine<Mount extends Pick<SandboxMount, "source">>(
  mounts: readonly Mount[],
  { dir }: Pick<ScopeFolder, "dir">,
  { toEngine }: HostPaths,
  image: string,
  signal: AbortSignal | undefined,
): Promise<readonly Mount[]> {
  // A folder first: by it the mount is proven that the scope's files are on too.
  await toEngine(dir, image, signal);
  return Promise.all(
    mounts.map(async (mount) => ({ ...mount, source: await toEngine(mount.source, image, signal) })),
  );
}
