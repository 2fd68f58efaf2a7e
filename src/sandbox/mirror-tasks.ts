import type { MirrorRequest, MirrorResult } from "../mirror/mirror-request.ts";
import { publishSkills } from "../mirror/publish-skills.ts";
import { type MountsRequest, type PreparedMounts, prepareMounts } from "./prepare-mounts.ts";

export interface Publication extends Omit<MirrorRequest, "signal"> {
  /** Whether the caller needs {@link MirrorResult.visited}: else it is empty, and hundreds of paths need not be copied. */
  readonly tellVisited: boolean;
}

/** What of mirroring writes, and so may have to wait for the disk at any call. */
export const mirrorTasks = {
  prepareMounts: async (request: MountsRequest): Promise<PreparedMounts> => prepareMounts(request),
  publishSkills: async (
    { tellVisited, ...request }: Publication,
    signal: AbortSignal,
  ): Promise<MirrorResult> => {
    const result = await publishSkills({ ...request, signal });
    return tellVisited ? result : { ...result, visited: [] };
  },
};
