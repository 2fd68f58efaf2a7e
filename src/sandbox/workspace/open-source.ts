import { realpathSync } from "node:fs";
import { relative, sep } from "node:path";
import { toFileProblem } from "../../host/file-problem.ts";
import {
  closeFolder,
  type OpenFolder,
  type OpenFolderResult,
  openFolder,
  openFolderIn,
} from "../../host/open-folder.ts";
import type { SandboxMount } from "../sandbox-mount.ts";
import { requireAbsolute } from "./require-absolute.ts";
import { unreadable } from "./workspace-failure.ts";

/**
 * Opens the host's folder of a mount. Its path is the operator's, links in it included; but from where it passes
 * through another mount's folder, which a sandbox may have changed, no link is followed.
 */
export function openSource(mount: SandboxMount, mounts: readonly SandboxMount[]): OpenFolder {
  const outer = findOuter(mount, mounts);
  const opened = outer === null ? openOwn(mount.source) : openBelow(outer, mount, mounts);
  if (opened.ok) return opened.folder;
  throw unreadable(mount.target, opened.problem);
}

/** The mount whose folder on the host holds this one's, the nearest of several. */
function findOuter({ source }: SandboxMount, mounts: readonly SandboxMount[]): SandboxMount | null {
  let nearest: SandboxMount | null = null;
  for (const other of mounts) {
    const holds = source !== other.source && source.startsWith(`${other.source}${sep}`);
    if (holds && other.source.length > (nearest?.source.length ?? 0)) nearest = other;
  }
  return nearest;
}

function openOwn(path: string): OpenFolderResult {
  requireAbsolute(path);
  try {
    return openFolder(realpathSync(path));
  } catch (error) {
    return { ok: false, problem: toFileProblem(error) };
  }
}

function openBelow(
  outer: SandboxMount,
  { source }: SandboxMount,
  mounts: readonly SandboxMount[],
): OpenFolderResult {
  let folder = openSource(outer, mounts);
  for (const name of relative(outer.source, source).split(sep)) {
    const opened = openFolderIn(folder, name);
    closeFolder(folder);
    if (!opened.ok) return opened;
    folder = opened.folder;
  }
  return { ok: true, folder };
}
