import { existsSync } from "node:fs";
import { join } from "node:path";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { keepHeld } from "../host/held-file.ts";
import { closeFolder, openFolder } from "../host/open-folder.ts";
import { dropClaim, readClaims, writeClaim } from "./leases.ts";
import { mirrorFailure } from "./mirror-failure.ts";
import { mirrorNames, pathsIn } from "./mirror-paths.ts";
import type { GenerationLease } from "./mirror-request.ts";
import { isGenerationId, readLiveId } from "./read-live-id.ts";

/**
 * Keeps a generation on the disk, the live one if none is named, until `release` or the end of this process. Throws
 * `MIRROR_GENERATION_MISSING` where it is not there.
 */
export function acquireGeneration(
  targetDir: string,
  recordsDir: string,
  generationId?: string,
): GenerationLease {
  try {
    return acquire(targetDir, recordsDir, generationId);
  } catch (error) {
    throw mirrorFailure(targetDir, error);
  }
}

function acquire(targetDir: string, recordsDir: string, generationId: string | undefined): GenerationLease {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const id = generationId ?? findLive(targetDir);
    if (id === null || !isGenerationId(id)) break;
    const claim = writeClaim(recordsDir, "lease", id);
    // The claim first, then the look: whoever collects does it the other way round.
    if (!readClaims(recordsDir, "removal").has(id) && isThere(targetDir, id))
      return hold(targetDir, id, claim);
    dropClaim(claim);
    if (generationId !== undefined) break;
  }
  throw new SkillcrateError(
    "MIRROR_GENERATION_MISSING",
    `${quoteValue(targetDir)} does not show ${generationId === undefined ? "any skills" : `the generation ${quoteValue(generationId)}`}.`,
    { hint: "Mirror the skills again, and acquire the generation that is live then." },
  );
}

/** Each is a generation that was replaced and collected between two looks. */
const maxAttempts = 100;

function findLive(targetDir: string): string | null {
  const opened = openFolder(targetDir);
  if (!opened.ok) return null;
  try {
    return readLiveId(pathsIn(opened.folder));
  } finally {
    closeFolder(opened.folder);
  }
}

function generationDir(targetDir: string, id: string): string {
  return join(targetDir, mirrorNames.generations, id);
}

function isThere(targetDir: string, id: string): boolean {
  return existsSync(join(generationDir(targetDir, id), mirrorNames.manifest));
}

function hold(targetDir: string, id: string, claim: string): GenerationLease {
  const letGo = keepHeld(claim);
  return {
    generation: id,
    path: generationDir(targetDir, id),
    release: () => {
      letGo();
      dropClaim(claim);
    },
  };
}
