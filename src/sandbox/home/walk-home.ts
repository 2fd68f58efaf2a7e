import { lstatSync, type Stats } from "node:fs";
import { errnoOf } from "../../host/file-problem.ts";
import { listEntries } from "../../host/list-entries.ts";
import { closeFolder, type OpenFolder, openFolderIn, pathIn } from "../../host/open-folder.ts";
import { createPace, type Pace } from "../../host/pace.ts";

export type HomeEntry =
  | {
      readonly type: "folder" | "file" | "link" | "special";
      /** From the home, with slashes. */
      readonly path: string;
      readonly name: string;
      /** The folder it is in, open until the next entry is asked for. */
      readonly parent: OpenFolder;
      readonly stats: Stats;
    }
  | { readonly type: "unread"; readonly path: string; readonly why: string };

/** Deeper folders are not entered: each level holds a descriptor. */
const maxDepth = 100;
const maxEntriesPerFolder = 200_000;

/**
 * Everything in a home, by descriptors, each folder before what is in it, in the order of names. Follows no link, opens
 * nothing but folders. `enter` says which folders are gone into. What cannot be listed is told, never passed over in
 * silence.
 */
export async function* walkHome(
  home: OpenFolder,
  enter: (path: string) => boolean,
  signal?: AbortSignal,
): AsyncGenerator<HomeEntry, void, undefined> {
  yield* walk(home, "", { enter, depth: 1, pace: createPace(signal), signal });
}

interface Walk {
  readonly enter: (path: string) => boolean;
  readonly depth: number;
  readonly pace: Pace;
  readonly signal: AbortSignal | undefined;
}

async function* walk(
  folder: OpenFolder,
  prefix: string,
  settings: Walk,
): AsyncGenerator<HomeEntry, void, undefined> {
  const { entries, complete } = await listOrNone(folder, settings.signal);
  for (const { name } of entries) {
    if (settings.pace.isDue()) await settings.pace.rest();
    const path = prefix === "" ? name : `${prefix}/${name}`;
    const stats = lstatSync(pathIn(folder, name), { throwIfNoEntry: false });
    if (stats === undefined) {
      // Node gives names as text: one that is not UTF-8 leads nowhere, like one that is gone.
      yield { type: "unread", path, why: "it is gone, or its name is not UTF-8" };
      continue;
    }
    yield { type: typeOf(stats), path, name, parent: folder, stats };
    if (stats.isDirectory() && settings.enter(path)) yield* enterFolder(folder, name, path, settings);
  }
  if (!complete)
    yield { type: "unread", path: prefix, why: "it holds too much to be listed, or cannot be read" };
}

async function* enterFolder(
  parent: OpenFolder,
  name: string,
  path: string,
  settings: Walk,
): AsyncGenerator<HomeEntry, void, undefined> {
  if (settings.depth === maxDepth) {
    yield { type: "unread", path, why: `it lies deeper than ${maxDepth} levels` };
    return;
  }
  const opened = openFolderIn(parent, name);
  if (!opened.ok) {
    yield { type: "unread", path, why: "it cannot be opened" };
    return;
  }
  try {
    yield* walk(opened.folder, path, { ...settings, depth: settings.depth + 1 });
  } finally {
    closeFolder(opened.folder);
  }
}

async function listOrNone(folder: OpenFolder, signal: AbortSignal | undefined) {
  try {
    return await listEntries(folder, maxEntriesPerFolder, signal);
  } catch (error) {
    // A folder that may be entered and not listed, or one that is gone.
    if (!["EACCES", "ENOENT"].includes(errnoOf(error))) throw error;
    return { entries: [], complete: false };
  }
}

function typeOf(stats: Stats): "folder" | "file" | "link" | "special" {
  if (stats.isDirectory()) return "folder";
  if (stats.isFile()) return "file";
  return stats.isSymbolicLink() ? "link" : "special";
}
