import { type Fingerprint, isUnchanged } from "../host/fingerprint.ts";
import { helpLook } from "../host/shared-look.ts";
import type { MirrorRequest, MirrorResult } from "../mirror/mirror-request.ts";
import { publishSkills } from "../mirror/publish-skills.ts";
import { type MountsRequest, type PreparedMounts, prepareMounts } from "./prepare-mounts.ts";

/** What of mirroring writes, and so may have to wait for the disk at any call; and looks that it takes over. */
export const mirrorTasks = {
  prepareMounts: async (request: MountsRequest): Promise<PreparedMounts> => prepareMounts(request),
  publishSkills: (request: Omit<MirrorRequest, "signal">, signal: AbortSignal): Promise<MirrorResult> =>
    publishSkills({ ...request, signal }),
  isUnchanged: (fingerprint: Fingerprint): Promise<boolean> => isUnchanged(fingerprint),
  helpLook: async (fingerprint: Fingerprint): Promise<void> => helpLook(fingerprint),
};
