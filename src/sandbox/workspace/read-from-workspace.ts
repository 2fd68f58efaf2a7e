import { closeFile, fileVersion, type OpenFile } from "../../host/open-file.ts";
import { closeFolder } from "../../host/open-folder.ts";
import { readBytes } from "../../host/read-bytes.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { type InsideRequest, openInside } from "./open-inside.ts";
import { reading, tooLarge, unreadable } from "./workspace-failure.ts";

export interface ReadFromWorkspaceRequest extends InsideRequest {
  /** A larger file is refused; default 64 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface WorkspaceFile {
  /** As seen inside, links resolved. */
  readonly insidePath: string;
  /** On the host: to show. What it leads to may have changed since. */
  readonly hostPath: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970; a sandbox can set it to anything. */
  readonly modifiedMs: number;
  readonly executable: boolean;
}

export interface WorkspaceFileContent extends WorkspaceFile {
  readonly bytes: Buffer;
  /** Somebody wrote to the file while it was read: `bytes` may be of more than one state of it, or fewer than it had. */
  readonly changedWhileRead: boolean;
}

/**
 * Reads a regular file of a workspace that a sandbox may be writing at this moment. No link leads out of the mounts,
 * nothing but a regular file is opened, a pipe or a device is never waited for, and no more is read than the file held
 * when it was opened.
 *
 * Throws `WORKSPACE_PATH_INVALID`, `WORKSPACE_PATH_OUTSIDE`, `WORKSPACE_NOT_FOUND`, `WORKSPACE_LINK`,
 * `WORKSPACE_WRONG_TYPE`, `WORKSPACE_UNREADABLE`, `WORKSPACE_TOO_LARGE`, `DISK_FAILED`, `CANCELLED`.
 */
export async function readFromWorkspace(request: ReadFromWorkspaceRequest): Promise<WorkspaceFileContent> {
  const { maxBytes = defaultMaxReadBytes, signal } = request;
  const { file, ...found } = openFileInside({ ...request, maxBytes });
  try {
    return await reading(found.insidePath, async () => {
      const bytes = await readBytes(file, signal);
      const changedWhileRead = fileVersion(file.fd) !== file.version;
      return { ...found, sizeBytes: bytes.length, bytes, changedWhileRead };
    });
  } finally {
    closeFile(file);
  }
}

const defaultMaxReadBytes = 64 * 1024 * 1024;

/** Opens the file that a request names; the caller closes it. */
export function openFileInside(
  request: ReadFromWorkspaceRequest & { readonly maxBytes: number },
): WorkspaceFile & { readonly file: OpenFile } {
  throwIfCancelled(request.signal);
  const found = openInside(request);
  if (found.type === "folder") {
    if (found.folder !== null) closeFolder(found.folder);
    throw unreadable(found.insidePath, { kind: "wrong-type", what: "a folder" });
  }
  const { file, insidePath } = found;
  if (file.sizeBytes > request.maxBytes) {
    closeFile(file);
    throw tooLarge(insidePath, `it has ${file.sizeBytes} bytes, over the limit of ${request.maxBytes}`);
  }
  return { file, ...describe(file, insidePath) };
}

function describe({ path, sizeBytes, modifiedMs, mode }: OpenFile, insidePath: string): WorkspaceFile {
  return { insidePath, hostPath: path, sizeBytes, modifiedMs, executable: (mode & 0o100) !== 0 };
}
