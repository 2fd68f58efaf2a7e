import { readlinkSync } from "node:fs";
import type { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { toFileProblem } from "../../host/file-problem.ts";
import { closeFile, type OpenFile, openFileIn } from "../../host/open-file.ts";
import { closeFolder, type OpenFolder, openFolderIn, pathIn } from "../../host/open-folder.ts";
import type { SandboxMount } from "../sandbox-mount.ts";
import { joinInside, parseInsidePath, splitPath } from "./inside-path.ts";
import { openSource } from "./open-source.ts";
import { findMount, isReadable, outside } from "./to-host-path.ts";
import { unreadable } from "./workspace-failure.ts";

/** What a caller may reach of a sandbox, and how. */
export interface InsideRequest {
  /** All mounts of the sandbox; those of workspace, home, skills and agent can be read. */
  readonly mounts: readonly SandboxMount[];
  /** Absolute as seen inside, or from `/workspace`. */
  readonly path: string;
  /**
   * `refuse` (the default): no link is followed. `inside`: as the sandbox itself would follow them, but never out of
   * these mounts. Links in the skills mount are the mirror's own and always followed, never out of it.
   */
  readonly links?: "refuse" | "inside";
}

/** The caller closes it. */
export type OpenedInside =
  | { readonly type: "file"; readonly insidePath: string; readonly file: OpenFile }
  /** A null folder is only there because something is mounted below it. */
  | { readonly type: "folder"; readonly insidePath: string; readonly folder: OpenFolder | null };

/**
 * Opens what a path leads to inside a sandbox, by its mounts, without the kernel ever following a link: each name is
 * looked up below the descriptor of the folder before it, and links are resolved by this walk. The caller closes what
 * it gets; `insidePath` has links resolved. Throws `WORKSPACE_…` errors. Bounded in steps, and in descriptors: four.
 */
export function openInside(request: InsideRequest): OpenedInside {
  const walk: Walk = { ...request, steps: 0, followed: 0, here: top };
  try {
    return walkDown(
      walk,
      parseInsidePath(request.path).map((name) => ({ name, floor: 0 })),
    );
  } catch (error) {
    leave(walk.here);
    throw error;
  }
}

/** A folder inside, by the names that lead to it from the root; no link is among them. */
interface Location {
  readonly names: readonly string[];
  /** The mount that it lies in; null above all mounts. */
  readonly mount: SandboxMount | null;
  readonly folder: OpenFolder | null;
}

const top: Location = { names: [], mount: null, folder: null };

interface Step {
  readonly name: string;
  /** `..` leads to no folder with fewer names than this. */
  readonly floor: number;
}

interface Walk extends InsideRequest {
  steps: number;
  followed: number;
  here: Location;
}

/** Enough for every real tree; an attacker's links and `..` hold the event loop for some milliseconds. */
const maxSteps = 1000;
/** As Linux: path_resolution(7). */
const maxLinks = 40;

function walkDown(walk: Walk, steps: readonly Step[]): OpenedInside {
  // The next step last.
  const pending = steps.toReversed();
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    countStep(walk);
    if (step.name === "..") goUp(walk, step);
    else {
      const names = [...walk.here.names, step.name];
      const found = look(walk, names);
      if (found.type === "folder") move(walk, found.location);
      else if (found.type === "link") pending.push(...follow(walk, names, found.target).toReversed());
      else return giveFile(walk, names, found.file, pending.length > 0);
    }
  }
  const { names, folder } = walk.here;
  return { type: "folder", insidePath: joinInside(names), folder };
}

type Found =
  | { readonly type: "folder"; readonly location: Location }
  | { readonly type: "file"; readonly file: OpenFile }
  | { readonly type: "link"; readonly target: string };

/** What stands at `names`, whose last one is in the folder where the walk is. */
function look({ mounts, here, path }: Walk, names: readonly string[]): Found {
  const mount = findMount(names, mounts);
  if (mount !== null) {
    if (!isReadable(mount)) throw outside(path);
    return { type: "folder", location: { names, mount, folder: openSource(mount, mounts) } };
  }
  if (here.folder !== null) return lookIn(here.folder, here.mount, names);
  if (!isAboveMount(names, mounts)) throw outside(path);
  return { type: "folder", location: { names, mount: null, folder: null } };
}

function lookIn(parent: OpenFolder, mount: SandboxMount | null, names: readonly string[]): Found {
  const name = names.at(-1) ?? "";
  const opened = openFolderIn(parent, name);
  if (opened.ok) return { type: "folder", location: { names, mount, folder: opened.folder } };
  if (opened.problem.kind === "link") return { type: "link", target: readLink(parent, name, names) };
  if (opened.problem.kind !== "wrong-type") throw unreadable(joinInside(names), opened.problem);
  const file = openFileIn(parent, name);
  if (!file.ok) throw unreadable(joinInside(names), file.problem);
  return { type: "file", file: file.file };
}

function readLink(parent: OpenFolder, name: string, names: readonly string[]): string {
  try {
    return readlinkSync(pathIn(parent, name));
  } catch (error) {
    // EINVAL: it was a link a moment ago.
    throw unreadable(joinInside(names), toFileProblem(error));
  }
}

function follow(walk: Walk, names: readonly string[], target: string): readonly Step[] {
  const { mount } = walk.here;
  const trusted = mount?.purpose === "skills";
  const refused = trusted ? target.startsWith("/") : walk.links !== "inside";
  if (refused) throw unreadable(joinInside(names), { kind: "link" });
  walk.followed += 1;
  if (walk.followed > maxLinks) throw endless(walk);
  if (target.startsWith("/")) move(walk, top);
  const floor = trusted ? splitPath(mount.target).length : 0;
  return splitPath(target).map((name) => ({ name, floor }));
}

/** Walks to the folder above once more from the top: what was held open there may be elsewhere by now. */
function goUp(walk: Walk, { floor }: Step): void {
  const { names } = walk.here;
  if (names.length <= floor) {
    // As in a kernel: above the root is the root.
    if (floor === 0) return;
    throw outside(walk.path);
  }
  move(walk, top);
  for (let length = 1; length < names.length; length += 1) {
    countStep(walk);
    const above = names.slice(0, length);
    const found = look(walk, above);
    if (found.type === "file") closeFile(found.file);
    if (found.type !== "folder") throw unreadable(joinInside(above), { kind: "link" });
    move(walk, found.location);
  }
}

function giveFile(walk: Walk, names: readonly string[], file: OpenFile, more: boolean): OpenedInside {
  move(walk, top);
  if (!more) return { type: "file", insidePath: joinInside(names), file };
  closeFile(file);
  throw unreadable(walk.path, { kind: "wrong-type", what: "below something that is no folder" });
}

function move(walk: Walk, to: Location): void {
  leave(walk.here);
  walk.here = to;
}

function leave({ folder }: Location): void {
  if (folder !== null) closeFolder(folder);
}

function countStep(walk: Walk): void {
  walk.steps += 1;
  if (walk.steps > maxSteps) throw endless(walk);
}

function endless({ path }: Walk): SkillcrateError {
  return unreadable(path, { kind: "unreadable", errno: "ELOOP" });
}

function isAboveMount(names: readonly string[], mounts: readonly SandboxMount[]): boolean {
  return mounts.some((mount) => {
    const target = splitPath(mount.target);
    return isReadable(mount) && names.every((name, index) => target[index] === name);
  });
}
