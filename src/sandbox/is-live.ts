import { readlinkSync } from "node:fs";
import { toFileProblem } from "../host/file-problem.ts";
import { listFolder, type OpenFolder, pathIn } from "../host/open-folder.ts";
import type { Generation } from "../mirror/mirror-request.ts";

/** Whether a mirror shows a generation: its one moving link leads there, and the stable name of each skill is there. */
export function isLive(target: OpenFolder, { id, skills }: Generation): boolean {
  if (readLink(target, ".live") !== `.generations/${id}`) return false;
  const listed = listFolder(target);
  if (!listed.ok) return false;
  const names = new Set(listed.entries.map(({ name }) => name));
  return skills.every(({ folder }) => names.has(folder));
}

/** Null where there is no such link. */
function readLink(parent: OpenFolder, name: string): string | null {
  try {
    return readlinkSync(pathIn(parent, name));
  } catch (error) {
    toFileProblem(error);
    return null;
  }
}
