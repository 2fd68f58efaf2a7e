import { lstatSync, readlinkSync, statfsSync } from "node:fs";
import { dirname, isAbsolute, join, parse, sep } from "node:path";
import { errnoOf } from "../host/file-problem.ts";
import {
  closeFolder,
  type OpenFolder,
  type OpenFolderResult,
  openFolder,
  openFolderIn,
} from "../host/open-folder.ts";

/** A folder of skills to watch. It need not be there yet. */
export interface SkillRoot {
  /** Absolute; may be a link, or below one. */
  readonly path: string;
  /** Names to go down from `path` without following links: below a workspace that a sandbox may have changed. */
  readonly below?: readonly string[];
}

/** One step on the way to a root: if `name` in `dir` becomes something else, so may the root. */
export interface Gate {
  /** Absolute, no link in it. */
  readonly dir: string;
  readonly name: string;
}

/** Where a root is now. */
export interface RootPlace {
  /** Links of `path` resolved; null where the way to it ends early. */
  readonly base: string | null;
  readonly gates: readonly Gate[];
}

/** What tells roots apart. */
export function rootId({ path, below = [] }: SkillRoot): string {
  return JSON.stringify([path, ...below]);
}

/** For messages. */
export function rootPath({ path, below = [] }: SkillRoot): string {
  return join(path, ...below);
}

/**
 * Goes the way to a root name by name, as the system does, and keeps every step: a link on the way that is pointed
 * elsewhere, or a folder above that is exchanged, leads to other skills without a sign in the old ones.
 */
export function locateRoot({ path, below = [] }: SkillRoot): RootPlace {
  const gates: Gate[] = [];
  const base = resolveLinks(path, gates);
  if (base === null) return { base, gates };
  let dir = base;
  for (const name of below) {
    gates.push({ dir, name });
    dir = join(dir, name);
    if (readEntry(dir)?.link !== null) return { base: null, gates };
  }
  return { base, gates };
}

/** The root's folder, open. No link is followed that comes to stand there meanwhile. */
export function openRoot(base: string, { below = [] }: SkillRoot): OpenFolder | null {
  const opened = openFolder(base);
  return opened.ok ? openAlong(opened.folder, below) : null;
}

/** The folder at the end of `names`, open; `folder` is closed. Null where that way does not lead to a folder (any more). */
export function openAlong(folder: OpenFolder, names: readonly string[]): OpenFolder | null {
  let current = folder;
  for (const name of names) {
    const opened = openAndClose(current, name);
    if (!opened.ok) return null;
    current = opened.folder;
  }
  return current;
}

/** Whether others can change the folder's disk without this system taking note (network, FUSE, a virtual machine's host). */
export function isRemote(folderPath: string): boolean {
  return process.platform === "linux" && remoteTypes.has(statfsSync(folderPath).type);
}

function openAndClose(parent: OpenFolder, name: string): OpenFolderResult {
  try {
    return openFolderIn(parent, name);
  } finally {
    closeFolder(parent);
  }
}

/** As many as Linux follows: path_resolution(7). */
const maxLinks = 40;

function resolveLinks(path: string, gates: Gate[]): string | null {
  let dir = parse(path).root;
  let links = 0;
  const names = componentsOf(path);
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === "..") {
      dir = dirname(dir);
      continue;
    }
    gates.push({ dir, name });
    const next = readEntry(join(dir, name));
    if (next === null) return null;
    if (next.link === null) dir = join(dir, name);
    else {
      links += 1;
      if (links > maxLinks) return null;
      if (isAbsolute(next.link)) dir = parse(next.link).root;
      names.unshift(...componentsOf(next.link));
    }
  }
  return dir;
}

function componentsOf(path: string): string[] {
  const { root } = parse(path);
  return path
    .slice(root.length)
    .split(sep)
    .filter((name) => name !== "" && name !== ".");
}

/** Null where nothing is there, or nothing that this user may see. */
function readEntry(path: string): { readonly link: string | null } | null {
  try {
    return { link: lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null };
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    return null;
  }
}

/** statfs(2): NFS, SMB, CIFS, SMB2, 9P (WSL's Windows drives), FUSE (Docker Desktop's shared folders), AFS, Ceph. */
const remoteTypes = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x5346414f, 0x00c36400,
]);
