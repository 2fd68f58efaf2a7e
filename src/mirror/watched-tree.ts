import { createHash } from "node:crypto";
import { type Dir, type Dirent, fstatSync, lstatSync, opendirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { toFileProblem } from "../host/file-problem.ts";
import { closeFolder, type OpenFolder, openFolderIn, pathIn } from "../host/open-folder.ts";
import type { Pace } from "../host/pace.ts";
import { leftOutByName } from "./left-out.ts";
import type { FolderEar } from "./watch-folder.ts";

/** What a watcher remembers of one folder: a fixed amount, however many files are in it. */
export interface FolderNode {
  readonly parent: FolderNode | null;
  /** Of the uppermost one: its path. */
  readonly name: string;
  readonly depth: number;
  /** Device and inode: a folder of the same name may be another. */
  readonly identity: string;
  /** A `SKILL.md` is in it. */
  isSkill: boolean;
  /** Over what `lstat` says of each entry; empty where the folder is listened to instead. */
  digest: string;
  readonly children: Map<string, FolderNode>;
  ear: FolderEar | null;
  /** False once the folder was found to be gone. */
  present: boolean;
}

export interface TreeChanges {
  /** Changes that were noted, in skills or not. */
  count: number;
  /** Folders of skills, as they are called now or were called before. */
  readonly skills: Set<string>;
}

export interface TreeLook {
  /** Begins to listen to a folder, before it is listed; null: the tree is polled. */
  readonly listen: ((node: FolderNode, folder: OpenFolder) => FolderEar | null) | null;
  readonly changes: TreeChanges;
  readonly room: FolderRoom;
  readonly pace: Pace;
}

/** How many folders a watcher may remember. */
export interface FolderRoom {
  left: number;
  /** Some did not find room. */
  exceeded: boolean;
}

export function plantTree(folder: OpenFolder, room: FolderRoom): FolderNode {
  return makeNode(null, folder.path, identityOf(fstatSync(folder.fd)), room);
}

/**
 * Looks at a folder and at those below it that are new; in a polled tree at all. Notes in `look.changes` what came,
 * went, or (polled) changed. Goes where discovery goes (six levels; no dot folders, no `node_modules`) and, in a skill,
 * where a mirror goes: everywhere but in what it leaves out. Never through a link.
 */
export async function lookAtFolder(node: FolderNode, folder: OpenFolder, look: TreeLook): Promise<void> {
  const previousEar = node.ear;
  node.ear = look.listen?.(node, folder) ?? null;
  previousEar?.close();
  const { names, isSkill, digest } = await listFolder(node, folder, look);
  if (isSkill !== node.isSkill) {
    // Another rule holds below: begin again there.
    noteFolder(node, look.changes);
    for (const child of [...node.children.values()]) await dropTree(child, look);
    node.isSkill = isSkill;
    noteFolder(node, look.changes);
  }
  if (node.digest !== digest && node.digest !== "") noteFolder(node, look.changes);
  node.digest = digest;
  for (const child of [...node.children.values()]) if (!names.has(child.name)) await dropTree(child, look);
  for (const name of names) {
    if (look.pace.isDue()) await look.pace.rest();
    await lookAtChild(node, folder, name, look);
  }
}

/** Ends listening to a folder and all below it, forgets them, and notes their skills as changed. */
export async function dropTree(node: FolderNode, look: Omit<TreeLook, "listen">): Promise<void> {
  node.parent?.children.delete(node.name);
  look.changes.count += 1;
  await forgetTree(node, look);
}

/** Notes that something directly in this folder changed. */
export function noteFolder(node: FolderNode, changes: TreeChanges): void {
  changes.count += 1;
  const skill = skillAround(node);
  if (skill !== null) changes.skills.add(pathOf(skill));
}

/** From the uppermost folder down. */
export function namesTo(node: FolderNode): string[] {
  return node.parent === null ? [] : [...namesTo(node.parent), node.name];
}

/** Levels below a root in which discovery looks for skills. */
const discoveryDepth = 6;

/** Levels below a root in all: a mirror refuses skills that are nested further. */
const maxDepth = 64;

function makeNode(parent: FolderNode | null, name: string, identity: string, room: FolderRoom): FolderNode {
  room.left -= 1;
  const depth = parent === null ? 0 : parent.depth + 1;
  return {
    parent,
    name,
    depth,
    identity,
    isSkill: false,
    digest: "",
    children: new Map(),
    ear: null,
    present: true,
  };
}

async function lookAtChild(
  node: FolderNode,
  folder: OpenFolder,
  name: string,
  look: TreeLook,
): Promise<void> {
  const known = node.children.get(name);
  // It is listened to; opening it is for those that are new.
  if (look.listen !== null && known !== undefined && isStill(known, pathIn(folder, name))) return;
  const opened = openFolderIn(folder, name);
  if (!opened.ok) {
    if (known !== undefined) await dropTree(known, look);
    return;
  }
  try {
    const identity = identityOf(fstatSync(opened.folder.fd));
    if (known?.identity === identity) {
      await lookAtFolder(known, opened.folder, look);
      return;
    }
    if (known !== undefined) await dropTree(known, look);
    if (look.room.left <= 0) {
      look.room.exceeded = true;
      return;
    }
    const child = makeNode(node, name, identity, look.room);
    node.children.set(name, child);
    await lookAtFolder(child, opened.folder, look);
    noteFolder(child, look.changes);
  } finally {
    closeFolder(opened.folder);
  }
}

interface Listing {
  /** Folders to go into. */
  readonly names: ReadonlySet<string>;
  readonly isSkill: boolean;
  readonly digest: string;
}

async function listFolder(node: FolderNode, folder: OpenFolder, look: TreeLook): Promise<Listing> {
  const hash = look.listen === null ? createHash("sha256") : null;
  const names: string[] = [];
  let isSkill = false;
  let isFresh = false;
  const dir = orNull(() => opendirSync(pathIn(folder, "")));
  try {
    for (let entries = readSome(dir); entries.length > 0; entries = readSome(dir)) {
      if (look.pace.isDue()) await look.pace.rest();
      for (const entry of entries) {
        if (isSkillFile(entry)) isSkill = true;
        if (entry.isDirectory()) names.push(entry.name);
        const stats = hash === null ? null : orNull(() => lstatSync(pathIn(folder, entry.name)));
        if (stats === null) continue;
        hash?.update(describeEntry(entry.name, stats));
        if (!stats.isDirectory() && isJustChanged(stats)) isFresh = true;
      }
    }
  } finally {
    dir?.closeSync();
  }
  const inSkill = isSkill || skillAround(node) !== null;
  return {
    names: new Set(names.filter((name) => isEntered(name, node.depth, inSkill))),
    isSkill,
    // Of what changes once more in the same tick of the disk's clock nothing tells: it counts as changed the next time.
    digest: hash === null ? "" : `${isFresh ? "?" : ""}${hash.digest("base64")}`,
  };
}

/** The next entries of a folder; none at its end, or where it cannot be read. */
function readSome(dir: Dir | null): Dirent[] {
  const entries: Dirent[] = [];
  while (entries.length < 64) {
    const entry = orNull(() => dir?.readSync() ?? null);
    if (entry === null) break;
    entries.push(entry);
  }
  return entries;
}

/** Null for what is gone or not ours to read: its parent changes when that does. Throws `DISK_FAILED` as all reading does. */
function orNull<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    toFileProblem(error);
    return null;
  }
}

/** As discovery has it: a folder called `SKILL.md` counts (it stands where the file should be), `skill.md` is just one. */
function isSkillFile(entry: Dirent): boolean {
  return entry.name === "SKILL.md" || (entry.name.toLowerCase() === "skill.md" && !entry.isDirectory());
}

function isEntered(name: string, depth: number, inSkill: boolean): boolean {
  if (inSkill) return depth < maxDepth && leftOutByName(name) === null;
  return depth < discoveryDepth && !name.startsWith(".") && name !== "node_modules";
}

/** A folder's own times and size change with what is in it, which is looked at anyway. */
function describeEntry(name: string, stats: Stats): string {
  const { size, ctimeMs, mode } = stats;
  const content = stats.isDirectory() ? [] : [size, ctimeMs];
  return `${JSON.stringify([name, identityOf(stats), mode, ...content])}\n`;
}

/** The kernel's clock for files goes by jiffies of up to 10 ms; some file systems keep whole seconds, FAT every other. */
function isJustChanged({ ctimeMs }: Stats): boolean {
  return Math.abs(Date.now() - ctimeMs) <= (ctimeMs % 1000 === 0 ? 2_000 : 20);
}

function isStill({ identity }: FolderNode, path: string): boolean {
  const stats = orNull(() => lstatSync(path));
  return stats !== null && identityOf(stats) === identity;
}

export function identityOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

async function forgetTree(node: FolderNode, look: Omit<TreeLook, "listen">): Promise<void> {
  if (look.pace.isDue()) await look.pace.rest();
  if (node.isSkill) noteFolder(node, look.changes);
  node.present = false;
  node.ear?.close();
  node.ear = null;
  look.room.left += 1;
  for (const child of node.children.values()) await forgetTree(child, look);
}

/** The uppermost skill that holds this folder: discovery does not look for skills in a skill. */
function skillAround(node: FolderNode): FolderNode | null {
  return (node.parent === null ? null : skillAround(node.parent)) ?? (node.isSkill ? node : null);
}

function pathOf(node: FolderNode): string {
  return node.parent === null ? node.name : join(pathOf(node.parent), node.name);
}
