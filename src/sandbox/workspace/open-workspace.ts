import { realpathSync } from "node:fs";
import { toFileProblem } from "../../host/file-problem.ts";
import { type OpenFolder, openFolder } from "../../host/open-folder.ts";
import { insidePaths } from "../sandbox-mount.ts";
import { requireAbsolute } from "./require-absolute.ts";
import { unreadable } from "./workspace-failure.ts";

/** Opens the host's folder of a workspace: its path is the operator's own, links in it included. */
export function openWorkspace(workspaceDir: string): OpenFolder {
  requireAbsolute(workspaceDir);
  const opened = openFolder(resolve(workspaceDir));
  if (opened.ok) return opened.folder;
  throw unreadable(insidePaths.workspace, opened.problem);
}

function resolve(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw unreadable(insidePaths.workspace, toFileProblem(error));
  }
}
