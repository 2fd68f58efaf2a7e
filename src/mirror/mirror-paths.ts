import { lstatSync, readlinkSync } from "node:fs";
import { type OpenFolder, pathIn } from "../host/open-folder.ts";
import { versionName } from "./skill-entry.ts";

/** Names in a mirror's folder that are no skill's. */
export const mirrorNames = {
  versions: ".versions",
  generations: ".generations",
  /** The link to the generation that is shown. */
  live: ".live",
  /** Where things are made before they are shown; nothing in it counts. */
  staging: ".staging",
  /** Says which records this mirror belongs to. */
  mark: ".skillcrate",
  manifest: "manifest.json",
} as const;

/** Paths below a mirror's folder that is held open: whoever exchanges the folder for another one leads nobody there. */
export function pathsIn(target: OpenFolder) {
  const inside = (path: string) => pathIn(target, path);
  return {
    root: inside(""),
    live: inside(mirrorNames.live),
    staging: inside(mirrorNames.staging),
    mark: inside(mirrorNames.mark),
    versions: inside(mirrorNames.versions),
    generations: inside(mirrorNames.generations),
    version: (name: string) => inside(`${mirrorNames.versions}/${name}`),
    generation: (id: string) => inside(`${mirrorNames.generations}/${id}`),
    manifest: (id: string) => inside(`${mirrorNames.generations}/${id}/${mirrorNames.manifest}`),
    /** The stable name of a skill. */
    skill: (folder: string) => inside(folder),
  };
}

export type MirrorPaths = ReturnType<typeof pathsIn>;

/** Whether a mirror holds a whole skill already. */
export function hasVersion(paths: MirrorPaths, sha256: string): boolean {
  return isFolder(paths.version(versionName(sha256)));
}

/** A real one: links count as nothing. */
export function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Null: no link, or nothing. */
export function linkTarget(path: string): string | null {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : null;
}
