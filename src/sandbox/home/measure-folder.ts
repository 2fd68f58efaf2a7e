import type { OpenFolder } from "../../host/open-folder.ts";
import { walkHome } from "./walk-home.ts";

/**
 * Files in an open folder, and the bytes that they take on the disk. No link is followed; what has several names counts
 * once. `except`: a folder right in it that is passed over.
 */
export async function measureFolder(
  folder: OpenFolder,
  signal: AbortSignal | undefined,
  except: string | null = null,
): Promise<{ readonly files: number; readonly sizeBytes: number }> {
  let files = 0;
  let sizeBytes = 0;
  const counted = new Set<string>();
  for await (const entry of walkHome(folder, (path) => path !== except, signal)) {
    if (entry.type !== "file") continue;
    const { dev, ino, nlink, blocks } = entry.stats;
    if (nlink > 1 && counted.has(`${dev}:${ino}`)) continue;
    if (nlink > 1) counted.add(`${dev}:${ino}`);
    files += 1;
    // stat(2): in units of 512 bytes, whatever the disk's own blocks are; a sparse file takes what it takes.
    sizeBytes += blocks * 512;
  }
  return { files, sizeBytes };
}
