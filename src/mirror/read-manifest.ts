import { readFileSync } from "node:fs";
import { errnoOf } from "../host/file-problem.ts";
import { closeFolder, openFolder } from "../host/open-folder.ts";
import { pathsIn } from "./mirror-paths.ts";
import type { MirrorManifest } from "./mirror-request.ts";
import { isGenerationId, readLiveId } from "./read-live-id.ts";

/** What a mirror shows, or what a named generation of it holds. Null where there is none, or no whole one. */
export function readManifest(targetDir: string, generationId?: string): MirrorManifest | null {
  const opened = openFolder(targetDir);
  if (!opened.ok) return null;
  try {
    const paths = pathsIn(opened.folder);
    const id = generationId ?? readLiveId(paths);
    return id === null || !isGenerationId(id) ? null : readManifestFile(paths.manifest(id), id);
  } finally {
    closeFolder(opened.folder);
  }
}

function readManifestFile(path: string, id: string): MirrorManifest | null {
  try {
    const manifest = JSON.parse(readFileSync(path, "utf8")) as Partial<MirrorManifest> | null;
    if (manifest?.format !== "skillcrate/mirror@1" || manifest.id !== id) return null;
    return Array.isArray(manifest.skills) && Array.isArray(manifest.entries)
      ? (manifest as MirrorManifest)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError || errnoOf(error) === "ENOENT") return null;
    throw error;
  }
}
