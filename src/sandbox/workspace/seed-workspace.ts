import { basename, dirname } from "node:path";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { closeFolder, type OpenFolder } from "../../host/open-folder.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { withLock } from "../../host/with-lock.ts";
import { createFileIn, makeFolderIn, type Owner } from "../../host/write-in-folder.ts";
import { insidePaths } from "../sandbox-mount.ts";
import { openWorkspace } from "./open-workspace.ts";
import { readSeedFiles, type SeedFile, seedRefusal } from "./read-seed-files.ts";
import { checkSeedPaths } from "./seed-paths.ts";
import { openSeedRecord, type SeedRecord } from "./seed-record.ts";
import { writeFailure } from "./workspace-failure.ts";

/** What the reference gateway gives a new workspace. */
export const defaultSeedFiles: readonly string[] = [
  "AGENTS.md",
  "SOUL.md",
  "TOOLS.md",
  "IDENTITY.md",
  "USER.md",
  "HEARTBEAT.md",
  "BOOTSTRAP.md",
];

export interface SeedWorkspaceRequest {
  /** The agent's own workspace; a sandbox may have written in it. Absolute. */
  readonly agentDir: string;
  /** The sandbox's own workspace; made where it is missing. Absolute. */
  readonly workspaceDir: string;
  /** Of the host alone: what was seeded is remembered here. */
  readonly recordsDir: string;
  /** The user inside the sandbox; null: whoever this process runs as. */
  readonly owner: Owner | null;
  /** Paths from the agent's workspace, the same in the sandbox's; default {@link defaultSeedFiles}. */
  readonly files?: readonly string[];
  /** A larger file is not seeded; default 2 MiB. */
  readonly maxBytesPerFile?: number;
  /** Links in the agent's workspace: see `InsideRequest`; default `refuse`. */
  readonly links?: "refuse" | "inside";
  readonly signal?: AbortSignal;
}

export interface SeedWorkspaceResult {
  /** Paths that were written now. */
  readonly seeded: readonly string[];
  /** Paths that were there already; from now on they count as seeded. */
  readonly present: readonly string[];
  /** Paths that the agent's workspace has no file for; they are seeded once it has. */
  readonly missing: readonly string[];
  /** What was not seeded, and why; and a record that was set aside. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Gives a sandbox's workspace the agent's files, each at most once in its life: what is there is never overwritten, and
 * what the sandbox has changed or deleted since is left alone. Files are 0644, new folders 0755, of the sandbox's user.
 * Where nothing is left to seed, one small file is read. Of several processes one writes each file.
 *
 * A path or file that cannot be seeded is a diagnostic, and so is a link or a file in the place of a folder. Throws
 * `WORKSPACE_WRITE_FAILED`, `WORKSPACE_WRONG_TYPE` (the workspace itself), `STATE_FAILED`, `DISK_FAILED`, `CANCELLED`.
 */
export async function seedWorkspace(request: SeedWorkspaceRequest): Promise<SeedWorkspaceResult> {
  const { recordsDir, signal } = request;
  throwIfCancelled(signal);
  const { paths, diagnostics } = checkSeedPaths(request.files ?? defaultSeedFiles);
  const record = await openSeedRecord(recordsDir);
  const { value, diagnostics: ofRecord } = await record.read();
  const source = await readSeedFiles(withoutRecorded(paths, value), request);
  const result: Result = {
    seeded: [],
    present: [],
    missing: [...source.missing],
    diagnostics: [...diagnostics, ...ofRecord, ...source.diagnostics],
  };
  if (source.files.length === 0) return result;
  const seed = async () => {
    const { value: current } = await record.read();
    try {
      placeAll(source.files, current, request, result);
    } finally {
      // Also what was done before a failure: it may be deleted before the next run.
      const done = [...result.seeded, ...result.present];
      if (done.length > 0) await record.change((before) => withPaths(before, done));
    }
  };
  await withLock(recordsDir, "seed-workspace", seed, signal === undefined ? {} : { signal });
  return result;
}

type Result = { readonly [Key in keyof SeedWorkspaceResult]: SeedWorkspaceResult[Key][number][] };

function withoutRecorded(paths: readonly string[], { files }: SeedRecord): readonly string[] {
  return paths.filter((path) => !files.includes(path));
}

function withPaths({ format, files }: SeedRecord, done: readonly string[]): SeedRecord {
  return { format, files: [...new Set([...files, ...done])] };
}

function placeAll(
  files: readonly SeedFile[],
  record: SeedRecord,
  request: SeedWorkspaceRequest,
  result: Result,
): void {
  const workspace = openOrMakeWorkspace(request);
  try {
    for (const file of files) {
      throwIfCancelled(request.signal);
      // Somebody else may have seeded it since we looked.
      if (!record.files.includes(file.path)) place(workspace, file, request.owner, result);
    }
  } finally {
    closeFolder(workspace);
  }
}

function openOrMakeWorkspace({ workspaceDir, owner }: SeedWorkspaceRequest): OpenFolder {
  const parent = openWorkspace(dirname(workspaceDir));
  try {
    return makeFolderIn(parent, basename(workspaceDir), { mode: 0o700, owner });
  } catch (error) {
    throw writeFailure(workspaceDir, error);
  } finally {
    closeFolder(parent);
  }
}

function place(workspace: OpenFolder, { path, bytes }: SeedFile, owner: Owner | null, result: Result): void {
  try {
    const created = placeIn(workspace, path.split("/"), bytes, owner);
    result[created ? "seeded" : "present"].push(path);
  } catch (error) {
    const failure = writeFailure(`${insidePaths.workspace}/${path}`, error);
    // Something in the place of one folder hinders no other file.
    if (!isWrongType(failure)) throw failure;
    result.diagnostics.push(seedRefusal(path, failure));
  }
}

function isWrongType(error: unknown): error is SkillcrateError {
  return error instanceof SkillcrateError && error.code === "WORKSPACE_WRONG_TYPE";
}

/** False where something has the name already. */
function placeIn(parent: OpenFolder, names: readonly string[], bytes: Buffer, owner: Owner | null): boolean {
  const [name = "", ...below] = names;
  if (below.length === 0) return createFileIn(parent, name, bytes, { mode: 0o644, owner });
  const folder = makeFolderIn(parent, name, { mode: 0o755, owner });
  try {
    return placeIn(folder, below, bytes, owner);
  } finally {
    closeFolder(folder);
  }
}
