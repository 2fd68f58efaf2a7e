import { lstatSync, readlinkSync } from "node:fs";
import { compareText } from "../../diagnostic/compare-text.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { listEntries } from "../../host/list-entries.ts";
import { closeFile } from "../../host/open-file.ts";
import { closeFolder, type OpenFolder, pathIn } from "../../host/open-folder.ts";
import { createPace } from "../../host/pace.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import type { SandboxMount } from "../sandbox-mount.ts";
import { splitPath } from "./inside-path.ts";
import { type InsideRequest, openInside } from "./open-inside.ts";
import { isReadable } from "./to-host-path.ts";
import { reading, unreadable } from "./workspace-failure.ts";

export interface ListWorkspaceRequest extends InsideRequest {
  /** Default 10,000. */
  readonly maxEntries?: number;
  readonly signal?: AbortSignal;
}

export interface WorkspaceEntry {
  /** As the sandbox wrote it: escape it before it is shown. */
  readonly name: string;
  /** `special`: a pipe, a socket or a device. */
  readonly type: "file" | "folder" | "link" | "special";
  /** Of files; 0 for all others. */
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Of links: what they say, unresolved. */
  readonly linkTarget: string | null;
}

export interface WorkspaceListing {
  readonly insidePath: string;
  /** By code unit of their names. */
  readonly entries: readonly WorkspaceEntry[];
  /** False: the folder holds more than `maxEntries`, and these are the first that the disk gave. */
  readonly complete: boolean;
}

/**
 * What a folder of a sandbox holds, one level of it, as the sandbox sees it: what is mounted in it is listed as well.
 * Opens nothing but folders. Throws what {@link readFromWorkspace} throws.
 */
export async function listWorkspace(request: ListWorkspaceRequest): Promise<WorkspaceListing> {
  const { maxEntries = 10_000, signal, mounts } = request;
  throwIfCancelled(signal);
  const found = openInside(request);
  const { insidePath } = found;
  if (found.type === "file") {
    closeFile(found.file);
    throw unreadable(insidePath, { kind: "wrong-type", what: "no folder" });
  }
  const mounted = listMounts(splitPath(insidePath), mounts);
  const { folder } = found;
  if (folder === null) return { insidePath, entries: mounted, complete: true };
  try {
    const { entries, complete } = await reading(insidePath, () => list(folder, maxEntries, signal));
    const covered = new Set(mounted.map(({ name }) => name));
    const all = [...entries.filter(({ name }) => !covered.has(name)), ...mounted];
    return { insidePath, entries: all.sort((a, b) => compareText(a.name, b.name)), complete };
  } finally {
    closeFolder(folder);
  }
}

/** What is mounted in a folder, or further below it. */
function listMounts(names: readonly string[], mounts: readonly SandboxMount[]): WorkspaceEntry[] {
  const found = new Set<string>();
  for (const mount of mounts) {
    const target = splitPath(mount.target);
    const next = target[names.length];
    if (isReadable(mount) && next !== undefined && names.every((name, index) => target[index] === name))
      found.add(next);
  }
  return [...found]
    .sort(compareText)
    .map((name) => ({ name, type: "folder", sizeBytes: 0, modifiedMs: 0, linkTarget: null }));
}

async function list(
  folder: OpenFolder,
  maxEntries: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly entries: readonly WorkspaceEntry[]; readonly complete: boolean }> {
  const pace = createPace(signal);
  const { entries: found, complete } = await listEntries(folder, maxEntries, signal);
  const entries: WorkspaceEntry[] = [];
  for (const { name } of found) {
    const entry = describe(folder, name);
    if (entry !== null) entries.push(entry);
    if (pace.isDue()) await pace.rest();
  }
  return { entries, complete };
}

/** Null where it has gone since it was listed, or its name is not UTF-8 and cannot be given as text. */
function describe(folder: OpenFolder, name: string): WorkspaceEntry | null {
  const stats = lstatSync(pathIn(folder, name), { throwIfNoEntry: false });
  if (stats === undefined) return null;
  const type = stats.isFile()
    ? "file"
    : stats.isDirectory()
      ? "folder"
      : stats.isSymbolicLink()
        ? "link"
        : "special";
  return {
    name,
    type,
    sizeBytes: type === "file" ? stats.size : 0,
    modifiedMs: stats.mtimeMs,
    linkTarget: type === "link" ? readLink(folder, name) : null,
  };
}

function readLink(folder: OpenFolder, name: string): string | null {
  try {
    return readlinkSync(pathIn(folder, name));
  } catch (error) {
    // It is gone, or was a link a moment ago.
    if (errnoOf(error) !== "ENOENT" && errnoOf(error) !== "EINVAL") throw error;
    return null;
  }
}
