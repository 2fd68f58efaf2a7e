import { randomBytes } from "node:crypto";
import { fsync as fsyncCallback, unlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { mountIdOf } from "../../host/mount-id.ts";
import { closeFolder, type OpenFolder, openFolderIn, pathIn } from "../../host/open-folder.ts";
import { discardStaged, isPlaced, openStaged, placeStaged, type StagedFile } from "../../host/staged-file.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { writeChunk } from "../../host/write-chunk.ts";
import { makeFolderIn, type Owner, setAttributes } from "../../host/write-in-folder.ts";
import { insidePaths } from "../sandbox-mount.ts";
import { collectMedia, type MediaRetention } from "./collect-media.ts";
import { mediaName } from "./media-name.ts";
import { type MediaSource, readMedia } from "./media-source.ts";
import { openWorkspace } from "./open-workspace.ts";
import { writeFailure } from "./workspace-failure.ts";

export interface StageMediaRequest {
  /** The host's folder that is mounted at `/workspace`. Absolute. */
  readonly workspaceDir: string;
  /** The user inside the sandbox; null: whoever this process runs as. */
  readonly owner: Owner | null;
  readonly media: MediaSource;
  /** What the sender called it. Default: the name of the host file. Only letters and digits of it reach a path. */
  readonly originalName?: string;
  /** Such as `image/png`: gives the extension where the name has none. */
  readonly mediaType?: string;
  /** A larger medium is refused; default 100 MiB. */
  readonly maxBytes?: number;
  /** Which media staged earlier are removed; default: none. */
  readonly retention?: MediaRetention;
  readonly signal?: AbortSignal;
}

export interface StagedMedia {
  /** `/workspace/media/inbound/<name>`: what to tell a model. */
  readonly insidePath: string;
  readonly hostPath: string;
  readonly name: string;
  /** As it was given, never part of a path; null where nothing was. */
  readonly originalName: string | null;
  readonly sizeBytes: number;
  /** Names of media that were collected. */
  readonly removed: readonly string[];
}

/**
 * Puts something that was received into `media/inbound` of a workspace, under a name of our own, mode 0644, owned by
 * the sandbox's user. It appears whole or not at all. The workspace may be written by a sandbox meanwhile: where
 * `media` or `inbound` is a link, a file or a mount the call is refused, and where one is exchanged nothing is written
 * outside of the workspace.
 *
 * Throws `WORKSPACE_WRONG_TYPE`, `WORKSPACE_CHANGED` (the folder, or the host's file, changed meanwhile: try again),
 * `WORKSPACE_TOO_LARGE`, `WORKSPACE_WRITE_FAILED`, `WORKSPACE_NOT_FOUND`, `INPUT_INVALID`, `DISK_FAILED`, `CANCELLED`.
 */
export async function stageMedia(request: StageMediaRequest): Promise<StagedMedia> {
  throwIfCancelled(request.signal);
  const workspace = openWorkspace(request.workspaceDir);
  try {
    const inbound = openInbound(workspace, request.owner);
    try {
      return await stageIn(workspace, inbound, request);
    } finally {
      closeFolder(inbound);
    }
  } catch (error) {
    throw writeFailure(inboundPath, error);
  } finally {
    closeFolder(workspace);
  }
}

const inboundNames = ["media", "inbound"] as const;
const inboundPath = [insidePaths.workspace, ...inboundNames].join("/");
const defaultMaxBytes = 100 * 1024 * 1024;

/** Opens `media/inbound` and makes what is missing of it. */
function openInbound(workspace: OpenFolder, owner: Owner | null): OpenFolder {
  return withFolder(makeInSameMount(workspace, inboundNames[0], owner), (media) =>
    makeInSameMount(media, inboundNames[1], owner),
  );
}

function makeInSameMount(parent: OpenFolder, name: string, owner: Owner | null): OpenFolder {
  const folder = makeFolderIn(parent, name, { mode: 0o755, owner });
  try {
    if (mountIdOf(folder) === mountIdOf(parent)) return folder;
    throw new SkillcrateError("WORKSPACE_WRONG_TYPE", `Something is mounted at ${quoteValue(folder.path)}.`, {
      hint: "Take the mount away: media go into the workspace's own folder.",
    });
  } catch (error) {
    closeFolder(folder);
    throw error;
  }
}

function withFolder<Result>(folder: OpenFolder, task: (folder: OpenFolder) => Result): Result {
  try {
    return task(folder);
  } finally {
    closeFolder(folder);
  }
}

async function stageIn(
  workspace: OpenFolder,
  inbound: OpenFolder,
  request: StageMediaRequest,
): Promise<StagedMedia> {
  const { media, owner, retention, signal, maxBytes = defaultMaxBytes } = request;
  const originalName = request.originalName ?? ("path" in media ? basename(media.path) : null);
  const removed = await collectMedia(inbound, retention ?? {}, signal);
  const staged = openStaged(inbound);
  try {
    let sizeBytes = 0;
    for await (const chunk of readMedia(media, originalName ?? "media", maxBytes, signal)) {
      await writeChunk(staged.fd, chunk);
      sizeBytes += chunk.length;
    }
    setAttributes(staged.fd, { mode: 0o644, owner });
    // A name that outlives a power cut without its bytes would be a short file.
    await fsync(staged.fd);
    throwIfCancelled(signal);
    const name = place(staged, { originalName, mediaType: request.mediaType ?? null });
    if (!isWhereItShouldBe(workspace, staged, name)) throw displaced(staged, name);
    const hostPath = join(request.workspaceDir, ...inboundNames, name);
    return { insidePath: `${inboundPath}/${name}`, hostPath, name, originalName, sizeBytes, removed };
  } finally {
    discardStaged(staged);
  }
}

const fsync = promisify(fsyncCallback);

function place(staged: StagedFile, description: Parameters<typeof mediaName>[0]): string {
  for (;;) {
    const name = mediaName(description, randomBytes(6).toString("hex"));
    if (placeStaged(staged, name, "create")) return name;
  }
}

/** Looks once more from the workspace down: the folder may have been moved, and another put in its place. */
function isWhereItShouldBe(workspace: OpenFolder, staged: StagedFile, name: string): boolean {
  const media = openFolderIn(workspace, inboundNames[0]);
  if (!media.ok) return false;
  const inbound = withFolder(media.folder, (folder) => openFolderIn(folder, inboundNames[1]));
  return inbound.ok && withFolder(inbound.folder, (folder) => isPlaced(staged, name, folder));
}

function displaced(staged: StagedFile, name: string): SkillcrateError {
  if (isPlaced(staged, name)) unlinkSync(pathIn(staged.folder, name));
  return new SkillcrateError(
    "WORKSPACE_CHANGED",
    `The folder ${quoteValue(inboundPath)} was exchanged while a medium was put into it.`,
    { hint: "Try again. If it happens again, look at what runs in the sandbox." },
  );
}
