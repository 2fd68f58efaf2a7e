import { basename, dirname } from "node:path";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { closeFolder, type OpenFolder } from "../../host/open-folder.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { withLock } from "../../host/with-lock.ts";
import { createFileIn, makeFolderIn, type Owner } from "../../host/write-in-folder.ts";
import { insidePaths, type SandboxMount } from "../sandbox-mount.ts";
import { openWorkspace } from "./open-workspace.ts";
import { readFromWorkspace } from "./read-from-workspace.ts";
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
 * Where nothing is left to seed, one small file is read. Several processes at once: each file is written once.
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
  const result: Result = {
    seeded: [],
    present: [],
    missing: [],
    diagnostics: [...diagnostics, ...ofRecord],
  };
  if (paths.every((path) => isRecorded(value, path))) return result;
  await withLock(
    recordsDir,
    "seed-workspace",
    async () => {
      const { value: current } = await record.read();
      const wanted = paths.filter((path) => !isRecorded(current, path));
      try {
        await seedAll(wanted, request, result);
      } finally {
        // Also what was done before a failure: it may be deleted before the next run.
        const done = [...result.seeded, ...result.present];
        if (done.length > 0) await record.change((before) => withPaths(before, done));
      }
    },
    signal === undefined ? {} : { signal },
  );
  return result;
}

type Result = { readonly [Key in keyof SeedWorkspaceResult]: SeedWorkspaceResult[Key][number][] };

function isRecorded({ files }: SeedRecord, path: string): boolean {
  return files.includes(path);
}

function withPaths({ format, files }: SeedRecord, done: readonly string[]): SeedRecord {
  return { format, files: [...new Set([...files, ...done])] };
}

async function seedAll(
  paths: readonly string[],
  request: SeedWorkspaceRequest,
  result: Result,
): Promise<void> {
  const workspace = makeWorkspace(request);
  try {
    for (const path of paths) await seedOne(workspace, path, request, result);
  } finally {
    closeFolder(workspace);
  }
}

function makeWorkspace({ workspaceDir, owner }: SeedWorkspaceRequest): OpenFolder {
  const parent = openWorkspace(dirname(workspaceDir));
  try {
    return makeFolderIn(parent, basename(workspaceDir), { mode: 0o700, owner });
  } catch (error) {
    throw writeFailure(workspaceDir, error);
  } finally {
    closeFolder(parent);
  }
}

async function seedOne(
  workspace: OpenFolder,
  path: string,
  request: SeedWorkspaceRequest,
  result: Result,
): Promise<void> {
  try {
    const { bytes } = await readFromWorkspace({
      mounts: [agentMount(request.agentDir)],
      path: `${insidePaths.agent}/${path}`,
      links: request.links ?? "refuse",
      maxBytes: request.maxBytesPerFile ?? defaultMaxBytes,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const created = place(workspace, path, bytes, request.owner);
    result[created ? "seeded" : "present"].push(path);
  } catch (error) {
    if (!(error instanceof SkillcrateError) || !ofOneFile.has(error.code)) throw error;
    if (error.code === "WORKSPACE_NOT_FOUND") result.missing.push(path);
    else result.diagnostics.push(refused(path, error));
  }
}

const defaultMaxBytes = 2 * 1024 * 1024;

function agentMount(source: string): SandboxMount {
  return { source, target: insidePaths.agent, readOnly: true, purpose: "agent" };
}

/** What is wrong with one file and hinders no other. */
const ofOneFile: ReadonlySet<string> = new Set([
  "WORKSPACE_LINK",
  "WORKSPACE_NOT_FOUND",
  "WORKSPACE_PATH_OUTSIDE",
  "WORKSPACE_TOO_LARGE",
  "WORKSPACE_UNREADABLE",
  "WORKSPACE_WRONG_TYPE",
]);

function refused(path: string, { message, hint }: SkillcrateError): Diagnostic {
  return {
    code: "WORKSPACE_SEED_REFUSED",
    severity: "warning",
    message: `${quoteValue(path)} was not seeded. ${message}`,
    hint,
  };
}

/** False where something has the name already. */
function place(workspace: OpenFolder, path: string, bytes: Buffer, owner: Owner | null): boolean {
  try {
    return placeIn(workspace, path.split("/"), bytes, owner);
  } catch (error) {
    throw writeFailure(`${insidePaths.workspace}/${path}`, error);
  }
}

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
