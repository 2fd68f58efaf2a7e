import { statfs } from "node:fs/promises";
import { formatBytes } from "../../report/format-bytes.ts";
import { type Check, ok, type Patient } from "./check.ts";

/** Where engines keep their images by default; the first that is there is taken for the disk in question. */
const engineFolders = { docker: ["/var/lib/docker", "/"], podman: ["/var/lib/containers", "/"] } as const;

/** All four images and their build cache take about this much. */
const wantedBytes = 6_000_000_000;
const neededBytes = 1_500_000_000;

/** Free space on the engine's disk, as far as this machine can tell, and what the build cache would give back. */
export async function checkDisk({ engine }: Patient): Promise<Check> {
  const name = "disk";
  const [free, cache] = await Promise.all([
    freeBytes(engineFolders[engine.info.product]),
    engine.builds.cacheUsage(),
  ]);
  const cached = `build cache ${formatBytes(cache.bytes)}`;
  if (free === null)
    return { name, status: "unknown", detail: `free space cannot be seen from here, ${cached}`, fix: null };
  const detail = `${formatBytes(free.bytes)} free at ${free.folder}, ${cached}`;
  if (free.bytes >= wantedBytes) return ok(name, detail);
  const fix = `skillcrate clean\ndocker builder prune   # frees up to ${formatBytes(cache.reclaimableBytes)}`;
  return { name, status: free.bytes >= neededBytes ? "warning" : "problem", detail, fix };
}

async function freeBytes(
  folders: readonly string[],
): Promise<{ readonly folder: string; readonly bytes: number } | null> {
  for (const folder of folders) {
    try {
      const { bavail, bsize } = await statfs(folder);
      return { folder, bytes: bavail * bsize };
    } catch (error) {
      // Not there, or not for this user's eyes: the next one may be.
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }
  return null;
}
