import type { MirrorRequest, MirrorResult } from "../mirror/mirror-request.ts";
import { publishSkills } from "../mirror/publish-skills.ts";
import { type MountsRequest, type PreparedMounts, prepareMounts } from "./prepare-mounts.ts";

/** What of mirroring writes, and so may have to wait for the disk at any call. */
export const mirrorTasks = {
  prepareMounts: async (request: MountsRequest): Promise<PreparedMounts> => prepareMounts(request),
  publishSkills: (request: Omit<MirrorRequest, "signal">, signal: AbortSignal): Promise<MirrorResult> =>
    publishSkills({ ...request, signal }),
};
