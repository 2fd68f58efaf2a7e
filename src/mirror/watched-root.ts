import { fstatSync } from "node:fs";
import { join, sep } from "node:path";
import { closeFolder, type OpenFolder, pathIn } from "../host/open-folder.ts";
import type { Pace } from "../host/pace.ts";
import { type FolderEar, type Listen, systemErrno } from "./watch-folder.ts";
import type { Gates } from "./watch-gates.ts";
import {
  isRemote,
  locateRoot,
  openAlong,
  openRoot,
  type RootPlace,
  type SkillRoot,
} from "./watched-place.ts";
import {
  dropTree,
  type FolderNode,
  type FolderRoom,
  identityOf,
  lookAtFolder,
  namesTo,
  noteFolder,
  plantTree,
  type TreeChanges,
} from "./watched-tree.ts";

/** What a watcher knows of one root. */
export interface WatchedRoot {
  readonly root: SkillRoot;
  /** How many asked for it. */
  users: number;
  /** `polled`: listening is not possible here, or not now. */
  mode: "heard" | "polled";
  base: string | null;
  /** Null while the root is not there. */
  tree: FolderNode | null;
  /** Another folder may stand at its place by now. */
  moved: boolean;
  /** Folders that something was heard of since they were looked at. */
  readonly stirred: Set<FolderNode>;
  /** Not told to the user yet. */
  readonly changes: TreeChanges;
  /** A folder on the way to it cannot be listened to. */
  wayUnheard: boolean;
  /** When listening failed at one of the system's limits the last time; null: it did not. */
  limitedAtMs: number | null;
}

export interface WatchGround {
  readonly gates: Gates<WatchedRoot>;
  readonly listen: Listen;
  /** Whether one call listens to everything below a folder. */
  readonly listensToTrees: boolean;
  readonly onStir: () => void;
  readonly room: FolderRoom;
  readonly pace: Pace;
}

export function makeWatchedRoot(root: SkillRoot): WatchedRoot {
  return {
    root,
    users: 0,
    mode: "heard",
    base: null,
    tree: null,
    moved: true,
    stirred: new Set(),
    changes: { count: 0, skills: new Set() },
    wayUnheard: false,
    limitedAtMs: null,
  };
}

/** Looks at what may have changed since the last time; of a polled root, at everything. */
export async function lookAtRoot(watched: WatchedRoot, ground: WatchGround): Promise<void> {
  if (ground.pace.isDue()) await ground.pace.rest();
  if (watched.moved || watched.mode === "polled") await findRoot(watched, ground);
  const stirred = [...watched.stirred].sort((left, right) => left.depth - right.depth);
  watched.stirred.clear();
  for (const node of stirred) {
    // Found to be gone while its parent was looked at.
    if (!node.present) continue;
    noteFolder(node, watched.changes);
    await lookAlong(watched, node, ground);
  }
}

/** From now on every look is at everything. What changed since the last look is not known: all counts as changed. */
export async function pollFromNowOn(watched: WatchedRoot, ground: WatchGround): Promise<void> {
  await leaveRoot(watched, ground);
  watched.mode = "polled";
  watched.limitedAtMs = performance.now();
}

/** Tries to listen to a polled root. Null, and nothing is changed, where the system still does not. */
export async function hearAgain(watched: WatchedRoot, ground: WatchGround): Promise<WatchedRoot | null> {
  const heard = makeWatchedRoot(watched.root);
  try {
    await lookAtRoot(heard, ground);
  } catch (error) {
    await leaveRoot(heard, ground);
    if (systemErrno(error) === null) throw error;
    watched.limitedAtMs = performance.now();
    return null;
  }
  await leaveRoot(watched, ground);
  heard.changes.count += watched.changes.count;
  for (const skill of watched.changes.skills) heard.changes.skills.add(skill);
  return heard;
}

/** Ends listening and remembers nothing; all counts as changed. */
export async function leaveRoot(watched: WatchedRoot, ground: WatchGround): Promise<void> {
  ground.gates.release(watched);
  await uproot(watched, ground);
  watched.stirred.clear();
}

/** Goes to where the root is now, and plants its tree anew if that is another folder than before. */
async function findRoot(watched: WatchedRoot, ground: WatchGround): Promise<void> {
  watched.moved = false;
  watched.base = guardWay(watched, ground).base;
  const folder = watched.base === null ? null : openRoot(watched.base, watched.root);
  try {
    if (!isSameFolder(watched, folder)) await uproot(watched, ground);
    if (folder === null) return;
    if (watched.tree === null) await plant(watched, folder, ground);
    else if (watched.mode === "polled") await look(watched, watched.tree, folder, ground);
  } finally {
    if (folder !== null) closeFolder(folder);
  }
}

/** A polled root is found anew at every look; nobody needs to listen for it. */
function guardWay(watched: WatchedRoot, { gates }: WatchGround): RootPlace {
  if (watched.mode === "polled") return locateRoot(watched.root);
  const place = gates.guard(watched, watched.root);
  watched.wayUnheard = !place.complete;
  return place;
}

function isSameFolder({ tree, base, root }: WatchedRoot, folder: OpenFolder | null): boolean {
  if (tree === null || folder === null || base === null) return false;
  return (
    tree.name === join(base, ...(root.below ?? [])) && tree.identity === identityOf(fstatSync(folder.fd))
  );
}

async function uproot(watched: WatchedRoot, { room, pace }: WatchGround): Promise<void> {
  if (watched.tree !== null) await dropTree(watched.tree, { changes: watched.changes, room, pace });
  watched.tree = null;
}

async function plant(watched: WatchedRoot, folder: OpenFolder, ground: WatchGround): Promise<void> {
  if (isRemote(pathIn(folder, ""))) {
    watched.mode = "polled";
    ground.gates.release(watched);
  }
  watched.tree = plantTree(folder, ground.room);
  noteFolder(watched.tree, watched.changes);
  await look(watched, watched.tree, folder, ground);
}

async function lookAlong(watched: WatchedRoot, node: FolderNode, ground: WatchGround): Promise<void> {
  const root = watched.base === null ? null : openRoot(watched.base, watched.root);
  const folder = root === null ? null : openAlong(root, namesTo(node));
  // Whoever took it away stirred its parent, or the way to the root.
  if (folder === null) return;
  try {
    await look(watched, node, folder, ground);
  } finally {
    closeFolder(folder);
  }
}

function look(
  watched: WatchedRoot,
  node: FolderNode,
  folder: OpenFolder,
  ground: WatchGround,
): Promise<void> {
  return lookAtFolder(node, folder, {
    listen: watched.mode === "polled" ? null : (at, open) => listenAt(watched, at, open, ground),
    changes: watched.changes,
    room: ground.room,
    pace: ground.pace,
  });
}

function listenAt(
  watched: WatchedRoot,
  node: FolderNode,
  folder: OpenFolder,
  ground: WatchGround,
): FolderEar | null {
  if (ground.listensToTrees && node.parent !== null) return null;
  // By its descriptor: what comes to stand at its path meanwhile is not listened to.
  return ground.listen(pathIn(folder, "").replace(/\/$/, ""), (name) => {
    if (!ground.listensToTrees) watched.stirred.add(node);
    else if (name === null) stirAll(node, watched.stirred);
    else watched.stirred.add(nearestFolder(node, name));
    ground.onStir();
  });
}

/** The folder that an event below the root is about, or the lowest above it that is known. */
function nearestFolder(root: FolderNode, name: string): FolderNode {
  let node = root;
  for (const part of name.split(sep)) {
    const child = node.children.get(part);
    if (child === undefined) break;
    node = child;
  }
  return node;
}

function stirAll(node: FolderNode, stirred: Set<FolderNode>): void {
  stirred.add(node);
  for (const child of node.children.values()) stirAll(child, stirred);
}
